use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use super::*;
use crate::bounds::MAX_JSON_DEPTH;
use crate::golden::session_engines;

fn format(serializer: Serializer, compressor: Compressor) -> CacheFormat {
    CacheFormat {
        key_prefix: "shop".to_owned(),
        version: 3,
        serializer,
        compressor,
    }
}

/// The formats by their names in `session_engines.json`.
static FORMATS: LazyLock<[(&str, CacheFormat); 7]> = LazyLock::new(|| {
    use Compressor::{Gzip, None, Zlib};
    use Serializer::{Json, Pickle};
    [
        ("RedisCache", format(Pickle, None)),
        ("django-redis", format(Pickle, None)),
        ("django-redis zlib", format(Pickle, Zlib)),
        ("django-redis gzip", format(Pickle, Gzip)),
        ("django-redis JSON", format(Json, None)),
        ("django-redis JSON zlib", format(Json, Zlib)),
        ("django-redis JSON gzip", format(Json, Gzip)),
    ]
});

fn bytes(case: &Value) -> Vec<u8> {
    STANDARD.decode(case.as_str().unwrap()).unwrap()
}

#[test]
fn what_django_s_caches_keep_is_read() {
    let cases = session_engines("cached");
    assert!(!cases.is_empty());
    for case in &cases {
        for (name, format) in &*FORMATS {
            let data = format.decode(&bytes(&case["kept"][*name]));
            assert_eq!(data.as_ref().ok(), case["data"].as_object(), "{name}: {case}");
        }
    }
}

#[test]
fn every_protocol_from_2_on_is_read() {
    for case in session_engines("cached") {
        for protocol in ["2", "3", "4", "5"] {
            let read = pickle::loads(&bytes(&case["protocols"][protocol]));
            assert_eq!(read.as_ref(), Ok(&case["data"]), "{protocol}: {case}");
        }
        for protocol in ["0", "1"] {
            let read = pickle::loads(&bytes(&case["protocols"][protocol]));
            assert_eq!(read, Err(PickleError::Protocol), "{protocol}: {case}");
        }
    }
}

#[test]
fn keys_are_django_s() {
    let key = SessionKey::parse("abcdefghijklmnopqrstuvwxyz012345").unwrap();
    for case in session_engines("cache_keys") {
        let format = CacheFormat {
            key_prefix: case["prefix"].as_str().unwrap().to_owned(),
            version: u32::try_from(case["version"].as_i64().unwrap()).unwrap(),
            ..format(Serializer::Pickle, Compressor::None)
        };
        assert_eq!(
            format.key(CacheEngine::Cache, &key),
            case["cache"].as_str().unwrap()
        );
        assert_eq!(
            format.key(CacheEngine::CachedDb, &key),
            case["cached_db"].as_str().unwrap()
        );
    }
}

#[test]
fn what_is_no_plain_value_is_named() {
    let format = format(Serializer::Pickle, Compressor::None);
    let cases = session_engines("no_plain_values");
    assert!(!cases.is_empty());
    for case in cases {
        let expected = PickleError::Object(case["what"].as_str().unwrap().to_owned());
        let read = |protocol: &str| format.decode(&bytes(&case["protocols"][protocol]));
        assert_eq!(read("5"), Err(expected.into()), "{case}");
        // Before that, some were made by calling something of another name.
        for protocol in ["2", "3", "4"] {
            let read = read(protocol);
            let is_object = matches!(&read, Err(CacheFormatError::Pickle(PickleError::Object(_))));
            assert!(is_object, "{protocol}: {read:?}: {case}");
        }
    }
}

#[test]
fn what_is_no_session_is_refused() {
    let pickled = format(Serializer::Pickle, Compressor::None);
    let in_json = format(Serializer::Json, Compressor::Zlib);
    for kept in [
        &b""[..],
        b"7",
        b"\x80",
        b"\x80\x05",
        b"{\"a\": 1}",
        b"x\x9c",
        b"garbage",
    ] {
        assert!(pickled.decode(kept).is_err(), "{kept:?}");
    }
    for kept in [&b""[..], b"7", b"[1]", b"x\x9c", b"\x80\x05}\x94.", b"{\"a\": 1"] {
        assert!(in_json.decode(kept).is_err(), "{kept:?}");
    }
}

#[test]
fn a_bomb_is_not_inflated() {
    let zeros = vec![b' '; MAX_CACHED + 1];
    for compressor in [Compressor::Zlib, Compressor::Gzip] {
        let format = format(Serializer::Json, compressor);
        let bomb = format.compressed(zeros.clone());
        assert!(bomb.len() < 2000);
        assert_eq!(format.decode(&bomb), Err(CacheFormatError::TooLarge));
    }
}

#[test]
fn a_session_that_could_not_be_read_is_not_written() {
    let data = SessionData::from_iter([("a", "x".repeat(MAX_CACHED))]);
    let many = SessionData::from_iter([("a", vec![0; MAX_PICKLED_VALUES])]);
    let deep = (0..MAX_JSON_DEPTH).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
    let deep = SessionData::from_iter([("a", deep)]);
    for (name, format) in &*FORMATS {
        for data in [&data, &many, &deep] {
            assert_eq!(format.encode(data), Err(CacheFormatError::TooLarge), "{name}");
        }
    }
}

proptest! {
    #[test]
    fn sessions_read_back(members in prop::collection::vec((".*", ".*"), 0..6)) {
        let data: SessionData = members.into_iter().collect();
        for (_, format) in &*FORMATS {
            let kept = format.encode(&data).unwrap();
            prop_assert_eq!(format.decode(&kept), Ok(data.clone()));
        }
    }

    #[test]
    fn any_bytes_have_an_answer(bytes: Vec<u8>) {
        for (_, format) in &*FORMATS {
            let _ = format.decode(&bytes);
            let _ = format.decode(&[&[0x78, 0x9c], &*bytes].concat());
        }
    }
}
