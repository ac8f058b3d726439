//! Which renderer answers (`rest_framework.negotiation.DefaultContentNegotiation`). There is one: JSON.

use std::cmp::Reverse;

use doorward_django::bounds::{MAX_ACCEPT, MAX_ACCEPT_MEMBERS, MAX_CONTENT_TYPE};
use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue};

use crate::context::Context;
use crate::exceptions::{ApiException, Result};
use crate::headers::Headers;
use crate::parsers::MediaType;

/// 406 where `Accept` rules JSON out, 404 where `?format=` asks for another renderer.
pub(crate) fn select_renderer(cx: &Context<'_>) -> Result {
    if let Some(query) = cx.uri().query()
        && asks_for_another_format(query)
    {
        return Err(ApiException::not_found());
    }
    match accepts(cx.headers(), |media_type| media_type.matches_json()) {
        true => Ok(()),
        false => Err(ApiException::not_acceptable()),
    }
}

/// Whether some member of the request's Accept header is such a type; without the header anything is accepted.
/// As in DRF no quality counts, not even zero.
pub(crate) fn accepts(headers: &HeaderMap, is_wanted: impl Fn(MediaType<'_>) -> bool + Copy) -> bool {
    match Headers::of(headers, &ACCEPT) {
        Headers::None => is_wanted(MediaType::ANY),
        Headers::One(value) if value == "*/*" => is_wanted(MediaType::ANY),
        Headers::One(value) => has_wanted(value.as_bytes(), is_wanted),
        Headers::Several => has_wanted(&joined(headers), is_wanted),
    }
}

/// Whether a client would rather have a page than JSON, as browsers would (RFC 9110 §12.5.1). Here qualities count, and
/// of two alike the one that is named outweighs the one that a star stands for.
pub(crate) fn prefers_html(headers: &HeaderMap) -> bool {
    let header = joined(headers);
    let members = || {
        let tokens = tokens(&header).take(MAX_ACCEPT_MEMBERS);
        tokens.filter_map(|token| std::str::from_utf8(token).ok())
    };
    let weight = |main: &str, sub: &str| {
        let matching = members().filter(|member| MediaType::parse(member).matches(main, sub));
        let closest = matching.min_by_key(|member| MediaType::parse(member).stars());
        closest.map(|member| (quality(member), Reverse(MediaType::parse(member).stars())))
    };
    let html = weight("text", "html").filter(|(quality, _)| *quality > 0);
    html > weight("application", "json").filter(|(quality, _)| *quality > 0)
}

/// In thousandths; what is none counts as zero (RFC 9110 §12.4.2).
fn quality(member: &str) -> u16 {
    let mut parameters = member.split(';').skip(1).map(str::trim);
    let quality = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.eq_ignore_ascii_case("q").then_some(value)
    });
    match quality.map(str::parse::<f32>) {
        None => 1000,
        Some(Ok(quality)) if (0.0..=1.0).contains(&quality) => (quality * 1000.0) as u16,
        Some(_) => 0,
    }
}

fn has_wanted(header: &[u8], is_wanted: impl Fn(MediaType<'_>) -> bool) -> bool {
    tokens(header)
        .take(MAX_ACCEPT_MEMBERS)
        .filter_map(|token| std::str::from_utf8(token).ok())
        .any(|token| is_wanted(MediaType::parse(token)))
}

fn tokens(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    let tokens = bounded(header)
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii);
    tokens.filter(|token| !token.is_empty() && token.len() <= MAX_CONTENT_TYPE)
}

/// A cut at a comma, so that no cut tail reads as a type.
fn bounded(header: &[u8]) -> &[u8] {
    if header.len() <= MAX_ACCEPT {
        return header;
    }
    let head = header.get(..MAX_ACCEPT).unwrap_or_default();
    let comma = head.iter().rposition(|byte| *byte == b',');
    comma.and_then(|comma| head.get(..comma)).unwrap_or_default()
}

/// Several headers are one list (RFC 9110 §5.3).
fn joined(headers: &HeaderMap) -> Vec<u8> {
    let values = headers.get_all(ACCEPT).iter().map(HeaderValue::as_bytes);
    values.collect::<Vec<_>>().join(&b","[..])
}

/// Of `format` given more than once the last one counts; an empty one asks for nothing.
fn asks_for_another_format(query: &str) -> bool {
    let formats = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "format");
    formats
        .last()
        .is_some_and(|(_, format)| !format.is_empty() && format != "json")
}
