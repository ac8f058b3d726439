//! `and`, `or`, `not` against DRF's `&`, `|`, `~`: answers, and which questions are asked on the way.

use std::sync::{Arc, Mutex};

use axum::extract::FromRequestParts;
use axum::routing::get;
use doorward_core::extract::RequestContext;
use doorward_core::permissions::{And, Not, ObjectPermission, Or, Permission};
use doorward_core::{Answer, Context, Policy, Result, RouteExt, View};
use http::StatusCode;
use serde_json::{Value, json};

use super::support::{ask, request, serve};
use super::{strings, vectors};

type Asked = Arc<Mutex<Vec<String>>>;

#[derive(Clone, Copy, Debug)]
enum Timing {
    AtOnce,
    Later,
}

/// A leaf of an expression: says what the vectors want, at once or after a while.
#[derive(Clone, Debug)]
struct Leaf {
    name: String,
    says: (bool, bool),
    timing: Timing,
    asked: Asked,
}

impl Leaf {
    fn answer(&self, question: &str, says: bool) -> Answer<'_, Result<bool>> {
        let asked = format!("{}.{question}", self.name);
        self.asked.lock().unwrap().push(asked);
        match self.timing {
            Timing::AtOnce => Answer::ready(Ok(says)),
            Timing::Later => Answer::pending(async move { Ok(says) }),
        }
    }
}

/// An expression of any shape.
#[derive(Debug)]
enum Node {
    Leaf(Leaf),
    And(Box<And<Node, Node>>),
    Or(Box<Or<Node, Node>>),
    Not(Box<Not<Node>>),
}

impl Permission for Node {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        match self {
            Self::Leaf(leaf) => leaf.answer("request", leaf.says.0),
            Self::And(node) => Permission::has_permission(&**node, cx, view),
            Self::Or(node) => Permission::has_permission(&**node, cx, view),
            Self::Not(node) => Permission::has_permission(&**node, cx, view),
        }
    }
}

impl ObjectPermission<()> for Node {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        match self {
            Self::Leaf(leaf) => leaf.answer("request", leaf.says.0),
            Self::And(node) => ObjectPermission::has_permission(&**node, cx, view),
            Self::Or(node) => ObjectPermission::has_permission(&**node, cx, view),
            Self::Not(node) => ObjectPermission::has_permission(&**node, cx, view),
        }
    }

    fn has_object_permission<'a>(
        &'a self,
        cx: &'a Context<'a>,
        view: &'a View,
        object: &'a (),
    ) -> Answer<'a, Result<bool>> {
        match self {
            Self::Leaf(leaf) => leaf.answer("object", leaf.says.1),
            Self::And(node) => node.has_object_permission(cx, view, object),
            Self::Or(node) => node.has_object_permission(cx, view, object),
            Self::Not(node) => node.has_object_permission(cx, view, object),
        }
    }
}

fn node(expression: &Value, leaf: &impl Fn(&str) -> Leaf) -> Node {
    if let Some(name) = expression.as_str() {
        return Node::Leaf(leaf(name));
    }
    let part = |index: usize| node(&expression[index], leaf);
    match expression[0].as_str().unwrap() {
        "and" => Node::And(Box::new(And(part(1), part(2)))),
        "or" => Node::Or(Box::new(Or(part(1), part(2)))),
        "not" => Node::Not(Box::new(Not(part(1)))),
        other => panic!("{other}"),
    }
}

/// Some request, as a handler has it: only a guard makes one.
async fn guarded() -> RequestContext {
    let (sender, receiver) = tokio::sync::oneshot::channel::<RequestContext>();
    let sender = Arc::new(Mutex::new(Some(sender)));
    let keep = move |request: axum::extract::Request| {
        let sender = Arc::clone(&sender);
        async move {
            let (mut parts, _) = request.into_parts();
            let context = RequestContext::from_request_parts(&mut parts, &()).await.unwrap();
            let sender = sender.lock().unwrap().take().unwrap();
            sender.send(context).unwrap();
        }
    };
    let service = serve(|router| router.route("/x/", get(keep).policy(Policy::open())));
    assert_eq!(
        ask(&service, request("GET", "/x/")).await.status(),
        StatusCode::OK
    );
    receiver.await.unwrap()
}

#[tokio::test]
async fn composed_permissions_answer_as_drfs() {
    let request = guarded().await;
    for case in vectors("composition") {
        for timing in [Timing::AtOnce, Timing::Later] {
            compare(&request.context(), &case, timing).await;
        }
    }
}

async fn compare(cx: &Context<'_>, case: &Value, timing: Timing) {
    let asked = Asked::default();
    let leaf = |name: &str| Leaf {
        name: name.to_owned(),
        says: serde_json::from_value(case["says"][name].clone()).unwrap(),
        timing,
        asked: Arc::clone(&asked),
    };
    let tree = node(&case["expression"], &leaf);
    let take = || std::mem::take(&mut *asked.lock().unwrap());

    let on_request = Permission::has_permission(&tree, cx, cx.view()).await.unwrap();
    assert_eq!(json!(on_request), case["request"], "{case}");
    assert_eq!(take(), strings(&case["asked_on_request"]), "{case}");
    let again = ObjectPermission::<()>::has_permission(&tree, cx, cx.view()).await;
    assert_eq!(again.unwrap(), on_request, "{case}");
    assert_eq!(take(), strings(&case["asked_on_request"]), "{case}");

    let on_object = tree.has_object_permission(cx, cx.view(), &()).await.unwrap();
    assert_eq!(json!(on_object), case["object"], "{case}");
    assert_eq!(take(), strings(&case["asked_on_object"]), "{case}");
}
