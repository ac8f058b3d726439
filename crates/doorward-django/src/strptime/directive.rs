//! [`Directive`]: a part of a format that stands for a number or a word (`_strptime.TimeRE`).

use crate::python_numbers::is_decimal_digit;

/// The letter behind a `%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Directive(char);

/// Which characters stand at one place of a number.
#[derive(Clone, Copy)]
enum Class {
    /// A digit of any script (`\d`).
    Any,
    /// An ASCII character between two.
    Within(char, char),
}

use Class::{Any, Within};

const fn one(character: char) -> Class {
    Within(character, character)
}

const ZERO: Class = one('0');
const ONE_TO_NINE: Class = Within('1', '9');

/// The forms of a number, in the order in which they are tried.
type Forms = &'static [&'static [Class]];

const DAY: Forms = &[
    &[one('3'), Within('0', '1')],
    &[Within('1', '2'), Any],
    &[ZERO, ONE_TO_NINE],
    &[ONE_TO_NINE],
    &[one(' '), ONE_TO_NINE],
];
const HOUR: Forms = &[&[one('2'), Within('0', '3')], &[Within('0', '1'), Any], &[Any]];
const HOUR_OF_12: Forms = &[
    &[one('1'), Within('0', '2')],
    &[ZERO, ONE_TO_NINE],
    &[ONE_TO_NINE],
];
const DAY_OF_YEAR: Forms = &[
    &[one('3'), one('6'), Within('0', '6')],
    &[one('3'), Within('0', '5'), Any],
    &[Within('1', '2'), Any, Any],
    &[ZERO, ONE_TO_NINE, Any],
    &[ZERO, ZERO, ONE_TO_NINE],
    &[ONE_TO_NINE, Any],
    &[ZERO, ONE_TO_NINE],
    &[ONE_TO_NINE],
];
const MINUTE: Forms = &[&[Within('0', '5'), Any], &[Any]];
const SECOND: Forms = &[&[one('6'), Within('0', '1')], &[Within('0', '5'), Any], &[Any]];
const WEEK: Forms = &[&[one('5'), Within('0', '3')], &[Within('0', '4'), Any], &[Any]];
const ISO_WEEK: Forms = &[
    &[one('5'), Within('0', '3')],
    &[ZERO, ONE_TO_NINE],
    &[Within('1', '4'), Any],
    &[Any],
];

pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
pub(super) const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
/// How much of a name its short form is.
pub(super) const SHORT: usize = 3;

impl Directive {
    /// The directive of that letter; `None` where there is none.
    pub(super) fn of(letter: char) -> Option<Self> {
        "aAbBdfGHIjmMpSuUVwWyYzZ".contains(letter).then_some(Self(letter))
    }

    pub(super) const fn letter(self) -> char {
        self.0
    }

    /// How many bytes at the beginning of a text it may stand for, in the order in which they are tried.
    pub(super) fn lengths(self, text: &str) -> Vec<usize> {
        match self.0 {
            'a' => words(text, WEEKDAYS.iter().filter_map(|name| name.get(..SHORT))),
            'b' => words(text, MONTHS.iter().filter_map(|name| name.get(..SHORT))),
            'A' => words(text, WEEKDAYS),
            'B' => words(text, MONTHS),
            'p' => words(text, ["am", "pm"]),
            'Z' => words(text, ["utc", "gmt"]),
            'f' => fraction(text),
            'z' => offset(text),
            letter => {
                let forms = forms(letter).iter();
                forms.filter_map(|form| beginning(text, form)).collect()
            }
        }
    }
}

fn forms(letter: char) -> Forms {
    match letter {
        'd' => DAY,
        'G' | 'Y' => &[&[Any, Any, Any, Any]],
        'H' => HOUR,
        // A month is written as such an hour is.
        'I' | 'm' => HOUR_OF_12,
        'j' => DAY_OF_YEAR,
        'M' => MINUTE,
        'S' => SECOND,
        'U' | 'W' => WEEK,
        'V' => ISO_WEEK,
        'u' => &[&[Within('1', '7')]],
        'w' => &[&[Within('0', '6')]],
        'y' => &[&[Any, Any]],
        _ => &[],
    }
}

/// How many bytes of the text have that form.
fn beginning(text: &str, form: &[Class]) -> Option<usize> {
    let mut characters = text.chars();
    for class in form {
        let character = characters.next()?;
        let fits = match class {
            Any => is_decimal_digit(character),
            Within(first, last) => (*first..=*last).contains(&character),
        };
        fits.then_some(())?;
    }
    Some(text.len() - characters.as_str().len())
}

/// The words that the text begins with, in either case; no two of them begin alike.
fn words<'w>(text: &str, words: impl IntoIterator<Item = &'w str>) -> Vec<usize> {
    let begins = |word: &str| {
        let beginning = text.get(..word.len())?;
        beginning.eq_ignore_ascii_case(word).then_some(word.len())
    };
    words.into_iter().filter_map(begins).collect()
}

/// One to six digits of ASCII, as many as there are.
fn fraction(text: &str) -> Vec<usize> {
    let digits = text.bytes().take(6).take_while(u8::is_ascii_digit).count();
    (1..=digits).rev().collect()
}

/// `+0130`, `+01:30`, with seconds and parts of them; or `Z`.
fn offset(text: &str) -> Vec<usize> {
    if text.starts_with('Z') {
        return vec![1];
    }
    let minute = [Within('0', '5'), Any];
    let Some(hours) = beginning(text, &[Within('+', '+'), Any, Any])
        .or_else(|| beginning(text, &[Within('-', '-'), Any, Any]))
    else {
        return Vec::new();
    };
    let Some(minutes) = behind_colon(text, hours, &minute) else {
        return Vec::new();
    };
    let Some(seconds) = behind_colon(text, minutes, &minute) else {
        return vec![minutes];
    };
    let mut lengths = parts(text, seconds);
    lengths.extend([seconds, minutes]);
    lengths
}

/// Where a number of that form ends that stands there, or behind a colon.
fn behind_colon(text: &str, place: usize, form: &[Class]) -> Option<usize> {
    let rest = text.get(place..)?;
    let colon = usize::from(rest.starts_with(':'));
    Some(place + colon + beginning(rest.get(colon..)?, form)?)
}

/// Where parts of a second may end, of any script.
fn parts(text: &str, place: usize) -> Vec<usize> {
    let Some(digits) = text.get(place..).and_then(|rest| rest.strip_prefix('.')) else {
        return Vec::new();
    };
    let digits = digits
        .chars()
        .take(6)
        .take_while(|digit| is_decimal_digit(*digit));
    let mut end = place + 1;
    let mut ends: Vec<_> = digits
        .map(|digit| {
            end += digit.len_utf8();
            end
        })
        .collect();
    ends.reverse();
    ends
}
