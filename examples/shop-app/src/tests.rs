//! The app at work, in a door of the test's own.

use std::sync::atomic::Ordering;
use std::time::Duration;

use doorward::command::Failure;
use doorward::django::secret::Secret;
use doorward_testing::{TestConsole, TestDoor};
use serde_json::json;

use crate::app::Shop;
use crate::import;
use crate::settings::ShopSettings;
use crate::store::{Sold, Store};

const KEY: &str = "a key of the only till";

fn door() -> TestDoor {
    door_with(|_| {})
}

fn door_with(change: impl FnOnce(&mut ShopSettings)) -> TestDoor {
    let builder = TestDoor::builder().app::<Shop>().configure(|settings| {
        let shop = settings.section_mut::<ShopSettings>();
        shop.till_key = Some(Secret::new(KEY.to_owned()));
        change(shop);
    });
    builder.build()
}

async fn with_anvils(door: &TestDoor, stock: i64) {
    let store = Store(door.database().unwrap());
    store.put("Anvil", 1_250, stock).await.unwrap();
}

#[tokio::test]
async fn everyone_sees_what_there_is() {
    let door = door();
    with_anvils(&door, 3).await;
    let site = door.site(door.endpoints());
    let anvil = json!({ "id": 1, "name": "Anvil", "price": 1_250, "stock": 3 });
    site.anonymous()
        .get("/api/products/")
        .await
        .assert_status(200)
        .assert_json(json!([anvil]));
}

#[tokio::test]
async fn a_till_sells_until_nothing_is_left() {
    let door = door();
    with_anvils(&door, 1).await;
    let site = door.site(door.endpoints());
    let anonymous = site.anonymous();
    anonymous.post("/api/products/1/sell/").await.assert_status(403);
    let sell = |path: &str, key: &str| anonymous.post(path).header("x-till-key", key);
    sell("/api/products/1/sell/", "a key of another till")
        .await
        .assert_status(403);
    let sold = sell("/api/products/1/sell/", KEY).await;
    sold.assert_status(201).assert_json(json!({ "stock": 0 }));
    sell("/api/products/1/sell/", KEY).await.assert_status(400);
    sell("/api/products/2/sell/", KEY).await.assert_status(404);
}

#[tokio::test]
async fn a_closed_shop_shows_and_does_not_sell() {
    let door = door_with(|shop| shop.closed = true);
    with_anvils(&door, 1).await;
    let site = door.site(door.endpoints());
    let anonymous = site.anonymous();
    anonymous.get("/api/products/").await.assert_status(200);
    let sell = anonymous.post("/api/products/1/sell/").header("x-till-key", KEY);
    sell.await.assert_status(403);
}

#[tokio::test]
async fn old_sales_are_forgotten_and_customers_counted() {
    let door = door();
    with_anvils(&door, 2).await;
    let store = Store(door.database().unwrap());
    assert_eq!(store.sell(1, door.now()).await.unwrap(), Sold::Left(1));
    let mut chores = door.chores().iter();
    let chore = chores.find(|chore| chore.name() == "shop_sales").unwrap();
    chore.run(&door).await.unwrap();
    assert_eq!(store.forget_sales(door.now()).await.unwrap(), 0);
    door.advance(Duration::from_secs(366 * 86_400));
    chore.run(&door).await.unwrap();
    assert_eq!(store.forget_sales(door.now()).await.unwrap(), 0);
    door.user("alice").create().await;
    assert_eq!(door.app::<Shop>().customers.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn models_have_permissions() {
    let door = door();
    let sql = "SELECT codename FROM auth_permission WHERE codename LIKE ? ORDER BY codename";
    let rows = door
        .database()
        .unwrap()
        .fetch_all(sql, ["%_sale".into()])
        .await
        .unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.read("codename").unwrap()).collect();
    assert_eq!(names, ["add_sale", "change_sale", "delete_sale", "view_sale"]);
}

#[tokio::test]
async fn products_are_imported() {
    let (door, folder) = (door(), tempfile::tempdir().unwrap());
    let file = folder.path().join("products.csv");
    let file = file.to_str().unwrap();
    std::fs::write(file, "Anvil,1250,3\nRope,300,10\n").unwrap();
    let mut console = TestConsole::new([]);
    console.run(&import::command(), &door, [file]).await.unwrap();
    assert_eq!(console.text(), "Imported 2 product(s).\n");
    let products = Store(door.database().unwrap()).products().await.unwrap();
    assert_eq!(products.len(), 2);
    std::fs::write(file, "Anvil,1250,3\nRope\n").unwrap();
    let refused = console.run(&import::command(), &door, [file]).await.unwrap_err();
    assert!(
        matches!(&refused, Failure::Command(told) if told.contains("products.csv:2")),
        "{refused:?}"
    );
}

#[test]
fn a_line_has_three_parts() {
    assert!(import::parse("Anvil, 1250, 3").is_some());
    for wrong in [
        "",
        "Anvil",
        "Anvil,1250",
        "Anvil,1250,3,4",
        ",1,1",
        "Anvil,-1,3",
        "Anvil,x,3",
    ] {
        assert_eq!(import::parse(wrong), None, "{wrong}");
    }
}
