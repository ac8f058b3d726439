//! What serializers make of bodies, below `/probe/serializers/`.

use axum::routing::post;
use doorward::json::{Value, json};
use doorward::parsers::Data;
use doorward::prelude::*;
use doorward::serializers::{Completeness, Serializer, ValidatedData};
use doorward::{Door, Json};

use crate::own_serializers::{computed, formats};
use crate::serializers::{everything, item, labels, order, person, validated};

/// A probe per serializer: POST shows all of a body, PUT and PATCH the names of what would change.
pub(crate) fn router(door: &Door) -> Router {
    let router = serializers()
        .into_iter()
        .fold(door.router(), |router, (name, serializer)| {
            router.route(&format!("/probe/serializers/{name}/"), validate(serializer))
        });
    router.route("/probe/serializers/items/", validate_many(item()))
}

type Named = (&'static str, Serializer);

fn serializers() -> [Named; 7] {
    [
        ("person", person()),
        ("validated", validated()),
        ("order", order()),
        ("everything", everything()),
        ("labels", labels()),
        ("computed", computed()),
        ("formats", formats()),
    ]
}

const ABOUT: &str =
    "What a serializer makes of a body: POST shows all of it, PUT and PATCH the names of what would change.";

fn validate(serializer: Serializer) -> GuardedRoute {
    let all = {
        let serializer = serializer.clone();
        async move |data: Data| {
            let validated = serializer.run(&data, Completeness::Whole)?;
            shown(&serializer, validated).map(Json)
        }
    };
    let changed = |completeness| {
        let serializer = serializer.clone();
        async move |data: Data| Ok::<_, ApiException>(names(&serializer.run(&data, completeness)?))
    };
    let methods = post(all)
        .put(changed(Completeness::Whole))
        .patch(changed(Completeness::Partial));
    let route = methods.policy(open()).describe("Validate", ABOUT);
    route.takes(serializer).object::<(), ()>(())
}

fn validate_many(item: Serializer) -> GuardedRoute {
    let all = {
        let item = item.clone();
        async move |data: Data| {
            let validated = item.many().run(&data, Completeness::Whole)?;
            let shown = validated.into_iter().map(|data| shown(&item, data));
            Ok::<_, ApiException>(Json(shown.collect::<Result<Vec<_>>>()?))
        }
    };
    let route = post(all)
        .policy(open())
        .describe("Validate Many", "A body that is a list.");
    route.takes(item)
}

/// What a serializer shows of what it validated.
fn shown(serializer: &Serializer, validated: ValidatedData) -> Result<Value> {
    serializer.to_representation(&validated.into_json())
}

/// The names of the fields, in their order.
fn names(data: &ValidatedData) -> Json<Value> {
    let names: Vec<_> = data.iter().map(|(name, _)| name).collect();
    Json(json!({ "changed": names }))
}

fn open() -> Policy {
    Policy::from(AllowAny).authenticators(Vec::new())
}
