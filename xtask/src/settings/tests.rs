use super::code::Code;
use super::{page, sections};

const SOURCE: &str = r#"
pub struct Settings {
    /// Whether it is loud (`LOUD`).
    pub loud: bool,
    /// `[bell]`
    pub bell: BellSettings,
}
impl Default for Settings {
    fn default() -> Self { Self { loud: false, bell: BellSettings::default() } }
}
const HOUR: u64 = 60 * 60;
pub struct BellSettings {
    /// How long it rings.
    pub length: Period,
    /// Its tones, see [`Tone`](crate::Tone).
    pub tones: Vec<Tone>,
    /// Who may ring, a | b.
    pub ringers: Option<String>,
}
impl Default for BellSettings {
    fn default() -> Self {
        use Tone::VeryHigh;
        Self { length: Period::from_secs(HOUR), tones: vec![VeryHigh, Tone::Low], ringers: None }
    }
}
#[serde(rename_all = "kebab-case")]
pub enum Tone { VeryHigh, Low }
"#;

const FRAME: &str = "Before.\n<!-- generated: top level -->\n<!-- end -->\nBetween.\n\
                     <!-- generated: [bell], Bells -->\nold\n<!-- end -->\nAfter.\n";

fn sections_of(source: &str) -> Result<Vec<sections::Section>, String> {
    let mut code = Code::default();
    code.add(source).unwrap();
    sections::of(&code)
}

fn renewed(source: &str, page: &str) -> Result<String, String> {
    page::renewed(page, &sections_of(source)?)
}

#[test]
fn the_page_is_what_the_structs_say() {
    assert_eq!(super::check(&crate::run::root()), Vec::<String>::new());
}

#[test]
fn tables_are_written_between_the_markers() {
    assert_eq!(
        renewed(SOURCE, FRAME).unwrap(),
        "Before.\n<!-- generated: top level -->\n\
         | key | Django | type | default | |\n|---|---|---|---|---|\n\
         | `loud` | `LOUD` | true or false | `false` | Whether it is loud. |\n\
         <!-- end -->\nBetween.\n<!-- generated: [bell], Bells -->\n\
         | key | type | default | |\n|---|---|---|---|\n\
         | `length` | duration | `\"1h\"` | How long it rings. |\n\
         | `tones` | list | `[\"very-high\", \"low\"]` | Its tones, see `Tone`. Allowed: `\"very-high\"`, `\"low\"`. |\n\
         | `ringers` | text | none | Who may ring, a \\| b. |\n\
         <!-- end -->\nAfter.\n"
    );
}

#[test]
fn a_page_that_is_renewed_stays_as_it_is() {
    let page = renewed(SOURCE, FRAME).unwrap();
    assert_eq!(renewed(SOURCE, &page).unwrap(), page);
}

#[test]
fn a_new_field_a_new_default_and_a_new_remark_make_the_page_stale() {
    let page = renewed(SOURCE, FRAME).unwrap();
    let changes = [
        (
            "pub tones",
            "/// New.\n    pub volume: Option<u8>,\n    pub tones",
            "tones: vec",
            "volume: None, tones: vec",
        ),
        ("60 * 60", "60", "", ""),
        ("How long it rings.", "How long it rings, at most.", "", ""),
        ("{ VeryHigh, Low }", "{ VeryHigh, Low, Deep }", "", ""),
    ];
    for (old, new, also, instead) in changes {
        let changed = SOURCE.replacen(old, new, 1);
        let changed = changed.replacen(also, instead, usize::from(!also.is_empty()));
        assert_ne!(renewed(&changed, &page).unwrap(), page, "{new}");
    }
}

#[test]
fn a_new_section_comes_after_the_one_before_it() {
    let page = renewed(SOURCE, "<!-- generated: top level -->\n<!-- end -->\n\nAfter.\n").unwrap();
    let (_, after) = page.split_once("<!-- end -->").unwrap();
    assert!(
        after.starts_with("\n\n### `[bell]`\n\n<!-- generated: [bell] -->\n| key |"),
        "{after}"
    );
    assert!(after.ends_with("<!-- end -->\n\nAfter.\n"), "{after}");
    assert_eq!(renewed(SOURCE, &page).unwrap(), page);
}

#[test]
fn a_table_without_a_section_is_told() {
    let page = format!("{FRAME}<!-- generated: [gong] -->\n<!-- end -->\n");
    assert!(renewed(SOURCE, &page).unwrap_err().contains("[gong]"));
}

#[test]
fn a_default_that_nobody_understands_is_told() {
    let source = SOURCE.replace("ringers: None", "ringers: if dark() { None } else { None }");
    let problem = renewed(&source, FRAME).unwrap_err();
    assert!(problem.starts_with("the default of bell.ringers: "), "{problem}");
}
