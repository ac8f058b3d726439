//! The site, asked as its clients ask it: every credential is real, and the guard judges it.

use doorward_testing::{TestDoor, TestSite};
use notes::NotesSettings;
use serde_json::json;

/// A door on a database in memory, with the settings that the program has where nobody sets any, save one.
fn door() -> TestDoor {
    let settings = notes::site().default_settings();
    let door = TestDoor::builder().settings(settings.expect("the site's own values fit"));
    let door = door.configure(|settings| settings.section_mut::<NotesSettings>().most_per_user = 2);
    door.build()
}

fn site(door: &TestDoor) -> TestSite {
    door.site(notes::routes(door))
}

#[tokio::test]
async fn a_note_is_written_read_changed_and_thrown_away() {
    let door = door();
    let alice = door.user("alice").create().await;
    let client = site(&door).jwt(&alice).await;
    let milk = json!({ "title": "Milk", "text": "two bottles" });
    let made = client.post("/api/notes/").json(&milk).await;
    let note = json!({ "id": 1, "title": "Milk", "text": "two bottles" });
    made.assert_status(201).assert_json(note.clone());
    client.get("/api/notes/").await.assert_json(json!([note]));

    let tea = json!({ "title": "Tea", "text": "" });
    let changed = client.put("/api/notes/1/").json(&tea).await;
    changed
        .assert_status(200)
        .assert_json(json!({ "id": 1, "title": "Tea", "text": "" }));
    client.delete("/api/notes/1/").await.assert_status(204);
    client.get("/api/notes/1/").await.assert_status(404);
}

#[tokio::test]
async fn nobody_sees_the_notes_of_others() {
    let door = door();
    let (alice, bob) = (door.user("alice").create().await, door.user("bob").create().await);
    let site = site(&door);
    let diary = json!({ "title": "Diary", "text": "dear diary" });
    site.basic(&alice)
        .post("/api/notes/")
        .json(&diary)
        .await
        .assert_status(201);

    let bob = site.basic(&bob);
    bob.get("/api/notes/").await.assert_json(json!([]));
    bob.get("/api/notes/1/").await.assert_status(404);
    bob.put("/api/notes/1/").json(&diary).await.assert_status(404);
    bob.delete("/api/notes/1/").await.assert_status(404);
}

#[tokio::test]
async fn what_does_not_fit_is_told_by_field() {
    let door = door();
    let alice = door.user("alice").create().await;
    let client = site(&door).basic(&alice);
    let refused = client.post("/api/notes/").json(&json!({ "text": "" })).await;
    refused
        .assert_status(400)
        .assert_json(json!({ "title": ["This field is required."] }));

    let note = json!({ "title": "Note", "text": "" });
    for status in [201, 201, 400] {
        client.post("/api/notes/").json(&note).await.assert_status(status);
    }
}

/// A route that somebody forgot to guard makes this fail.
#[tokio::test]
async fn only_the_health_check_is_open() {
    let door = door();
    let site = site(&door);
    let open = site.open_endpoints().await;
    let named = open.iter().map(String::as_str).chain(["/healthz"]);
    site.assert_anonymous_denied(named).await;
}
