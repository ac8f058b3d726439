use proptest::prelude::*;

use super::opcode as op;
use super::*;
use crate::json::{Number, Object, Value};

/// A pickle of those opcodes.
fn pickle(parts: &[&[u8]]) -> Vec<u8> {
    [&[op::PROTO, 5], &*parts.concat(), &[op::STOP]].concat()
}

#[test]
fn a_list_that_is_shared_is_read_wherever_it_stands() {
    let read = loads(b"\x80\x04}\x94(\x8c\x01a\x94]\x94(K\x01K\x02e\x8c\x01b\x94h\x02u.").unwrap();
    assert_eq!(read.to_string(), "{\"a\":[1,2],\"b\":[1,2]}");
}

#[test]
fn a_tuple_is_a_list() {
    for pickle in [&b"\x80\x04K\x01K\x02\x86\x94."[..], b"\x80\x02(K\x01K\x02t."] {
        assert_eq!(loads(pickle).unwrap().to_string(), "[1,2]");
    }
    assert_eq!(loads(b"\x80\x04).").unwrap().to_string(), "[]");
}

#[test]
fn what_grows_without_end_is_refused() {
    // x = [x]
    assert_eq!(loads(&pickle(&[b"]\x94h\x00a"])), Err(PickleError::TooLarge));
    // A list that holds itself twice, and so on.
    assert_eq!(
        loads(&pickle(&[b"]\x94(h\x00h\x00e"])),
        Err(PickleError::TooLarge)
    );
    let mut doubled = b"]\x94".to_vec();
    for level in 0..40_u8 {
        doubled.extend([
            op::EMPTY_LIST,
            op::MEMOIZE,
            op::MARK,
            op::BINGET,
            level,
            op::BINGET,
            level,
            op::APPENDS,
        ]);
    }
    assert_eq!(loads(&pickle(&[&doubled])), Err(PickleError::TooLarge));
}

#[test]
fn a_text_that_is_repeated_counts_each_time() {
    let text = "x".repeat(100_000);
    let mut data = b"]\x94(X\xa0\x86\x01\x00".to_vec();
    data.extend(text.bytes());
    data.push(op::MEMOIZE);
    for _ in 0..100 {
        data.extend([op::BINGET, 1]);
    }
    data.push(op::APPENDS);
    assert_eq!(loads(&pickle(&[&data])), Err(PickleError::TooLarge));
}

#[test]
fn depth_and_number_are_bounded() {
    let deep = [b"]".repeat(200_000), b"a".repeat(199_999)].concat();
    assert_eq!(loads(&pickle(&[&deep])), Err(PickleError::TooLarge));
    let deep = [b"]".repeat(1000), b"a".repeat(999)].concat();
    assert_eq!(loads(&pickle(&[&deep])), Err(PickleError::TooLarge));
    let deep = [b"]".repeat(100), b"a".repeat(99)].concat();
    assert!(loads(&pickle(&[&deep])).is_ok());
    let many = [b"](".as_slice(), &b"N".repeat(MAX_PICKLED_VALUES), b"e"].concat();
    assert_eq!(loads(&pickle(&[&many])), Err(PickleError::TooLarge));
}

#[test]
fn a_class_is_named_and_never_made() {
    for (data, what) in [
        (&b"cos\nsystem\n(\x8c\x02idtR"[..], "`os.system`"),
        (b"\x8c\x08builtins\x94\x8c\x04eval\x94\x93\x94", "`builtins.eval`"),
        (b"\x8f\x94", "a set"),
        (b"C\x01a", "bytes"),
        (b"}K\x01K\x02s", "a dictionary with a key that is no text"),
    ] {
        assert_eq!(loads(&pickle(&[data])), Err(PickleError::Object(what.to_owned())));
    }
    // INST, OBJ, NEWOBJ, BUILD, REDUCE, PERSID, EXT1
    for code in b"io\x81bRP\x82" {
        assert!(loads(&pickle(&[b"})N", &[*code], b"a\nb\n"])).is_err(), "{code}");
    }
}

#[test]
fn lengths_are_measured_before_anything_is_read() {
    for data in [
        &b"X\xff\xff\xff\xff"[..],
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x8b\xff\xff\xff\x7f",
        b"\x8c\x05a",
    ] {
        assert_eq!(loads(&pickle(&[data])), Err(PickleError::Damaged));
    }
    let wide = [b"\x8a\x11".as_slice(), &[1; 17]].concat();
    assert_eq!(loads(&pickle(&[&wide])), Err(PickleError::TooLarge));
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i128>().prop_map(|integer| Value::from(Number::from(integer))),
        prop::num::f64::NORMAL.prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((".*", inner), 0..6)
                .prop_map(|members| Value::Object(Object::from_iter(members))),
        ]
    })
}

proptest! {
    #[test]
    fn values_read_back(value in values()) {
        prop_assert_eq!(loads(&dumps(&value)), Ok(value));
    }

    #[test]
    fn any_bytes_have_an_answer(bytes: Vec<u8>) {
        let _ = loads(&bytes);
        let _ = loads(&pickle(&[&bytes]));
    }

    #[test]
    fn any_opcodes_have_an_answer(codes in prop::collection::vec(prop::sample::select(&b"N\x88K]}()at\x85\x86\x87su\x94h\x00q\x01\x8c\x01aJ"[..]), 0..60)) {
        let _ = loads(&pickle(&[&codes]));
    }
}
