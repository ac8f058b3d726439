use doorward_django::secret::Secret;
use serde::{Deserialize, Serialize};

use super::*;
use crate::settings::{Audience, Period, Section};

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct BellSettings {
    /// Whether it is loud (`LOUD`).
    loud: bool,
    /// How long it rings.
    #[schemars(extend("x-later" = true))]
    length: Period,
    /// Its tones, see [`Tone`](crate::Tone),
    /// [`Audience`].
    tones: Vec<Tone>,
    /// The first one.
    first: Option<Tone>,
    /// Who may ring, a | b.
    ringers: Option<String>,
    /// For whom.
    audience: Option<Audience>,
    /// The word to say.
    password: Secret<String>,
    /// What is said anyway.
    #[schemars(extend("default" = "knock"))]
    word: Secret<String>,
    /// Where it hangs.
    ropes: Vec<Rope>,
    /// `[bell.tower]`
    tower: Tower,
}

impl Default for BellSettings {
    fn default() -> Self {
        Self {
            loud: false,
            length: Period::from_secs(3_600),
            tones: vec![Tone::VeryHigh, Tone::Low],
            first: None,
            ringers: None,
            audience: None,
            password: Secret::new("canary".to_owned()),
            word: Secret::new("knock".to_owned()),
            ropes: Vec::new(),
            tower: Tower::default(),
        }
    }
}

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Tone {
    /// With a remark.
    VeryHigh,
    /// Another.
    Low,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct Rope {
    /// How long it is.
    length: u8,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct Tower {
    /// How high it is.
    height: Option<u32>,
}

impl Section for BellSettings {
    const LABEL: &'static str = "bell";
}

#[test]
fn tables_are_what_the_structs_say() {
    let tables = SectionKind::of::<BellSettings>().tables();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["[bell]", "[[bell.ropes]]", "[bell.tower]"]);
    assert_eq!(
        tables[0].markdown("Bells"),
        "| key | Bells | type | default | |\n|---|---|---|---|---|\n\
         | `loud` | `LOUD` | true or false | `false` | Whether it is loud. |\n\
         | `length` | | duration | `\"1h\"` | *later.* How long it rings. |\n\
         | `tones` | | list | `[\"very-high\", \"low\"]` | Its tones, see `Tone`, `Audience`. Allowed: `\"very-high\"`, `\"low\"`. |\n\
         | `first` | | name | none | The first one. Allowed: `\"very-high\"`, `\"low\"`. |\n\
         | `ringers` | | text | none | Who may ring, a \\| b. |\n\
         | `audience` | | text or a list of texts | none | For whom. |\n\
         | `password` | | text | none | The word to say. |\n\
         | `word` | | text | `\"knock\"` | What is said anyway. |\n\
         | `ropes` | | list | `[]` | Where it hangs. |\n"
    );
    assert_eq!(
        tables[1].markdown("Bells"),
        "| key | type | default | |\n|---|---|---|---|\n| `length` | whole number | `0` | How long it is. |\n"
    );
    assert_eq!(
        tables[2].markdown("Bells"),
        "| key | type | default | |\n|---|---|---|---|\n| `height` | whole number | none | How high it is. |\n"
    );
}

#[test]
fn keys_without_a_section_come_first() {
    let tables = tables(&[SectionKind::of::<BellSettings>()]);
    assert_eq!(tables[0].name, "top level");
    assert_eq!(tables[0].rows[0].key, "secret_key");
    assert_eq!(tables[1].name, "[bell]");
}
