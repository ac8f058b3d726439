//! Rates of throttles, and the moments that they count.

#![no_main]

use doorward_django::rate::{Rate, Rates};
use doorward_django::timestamp::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(rate) = text.parse::<Rate>() {
        assert_eq!(
            rate.to_string().parse::<Rate>().ok(),
            Some(rate),
            "what is written can be read"
        );
    }
    if let Ok(rates) = text.parse::<Rates>() {
        let _ = (rates.first(), rates.longest_period(), rates.to_string());
    }
    if let Some(moment) = Timestamp::from_sqlite(text) {
        let _ = (moment.to_sqlite(), moment.to_iso());
    }
});
