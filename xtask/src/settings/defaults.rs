//! The default of a field: the expression in its struct's `Default`, evaluated.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::token::Comma;
use syn::{Block, Expr, ExprCall, ExprMacro, Field, Lit, Member, Pat, Stmt, Type};

use super::code::Code;
use super::kinds;
use super::value::Value;

/// The default of a field of that struct, as a settings file would write it.
pub(super) fn of(code: &Code, kind: &str, field: &Field) -> Result<String, String> {
    let value = match code.defaults.get(kind) {
        None => usual(code, &field.ty)?,
        Some(block) => {
            let scope = Scope::new(code, block);
            scope.value(scope.field(block, field)?)?
        }
    };
    let is_secret = kinds::name(&field.ty).is_some_and(|name| name == "Secret");
    Ok(match value {
        Value::None => "none".to_owned(),
        Value::Text(text) if is_secret && text.is_empty() => "none".to_owned(),
        value => format!("`{value}`"),
    })
}

/// What `Default` gives a type that says nothing itself.
fn usual(code: &Code, kind: &Type) -> Result<Value, String> {
    let name = kinds::name(kind).unwrap_or_default();
    match name.as_str() {
        "bool" => Ok(Value::Flag(false)),
        "String" | "Secret" => Ok(Value::Text(String::new())),
        "u8" | "u16" | "u32" | "u64" | "usize" => Ok(Value::Number(0)),
        "Vec" | "BTreeSet" => Ok(Value::List(Vec::new())),
        "Option" | "BTreeMap" | "HashMap" => Ok(Value::None),
        _ => marked(code, &name).ok_or_else(|| format!("what is the default of `{name}`?")),
    }
}

/// The variant of an enum that is marked `#[default]`.
fn marked(code: &Code, name: &str) -> Option<Value> {
    let item = code.enums.get(name)?;
    let is_marked =
        |variant: &&syn::Variant| variant.attrs.iter().any(|mark| mark.path().is_ident("default"));
    let variant = item.variants.iter().find(is_marked)?;
    Some(Value::Text(kinds::variant_name(item, variant)))
}

/// What names mean in the body of a function.
struct Scope<'a> {
    code: &'a Code,
    variables: BTreeMap<String, &'a Expr>,
}

impl<'a> Scope<'a> {
    fn new(code: &'a Code, block: &'a Block) -> Self {
        let variables = block.stmts.iter().filter_map(variable).collect();
        Self { code, variables }
    }

    fn field(&self, block: &'a Block, field: &Field) -> Result<&'a Expr, String> {
        let Some(Stmt::Expr(Expr::Struct(whole), None)) = block.stmts.last() else {
            return Err("`default` does not end with `Self { … }`".to_owned());
        };
        let is_it =
            |member: &Member| matches!(member, Member::Named(name) if Some(name) == field.ident.as_ref());
        let given = whole.fields.iter().find(|given| is_it(&given.member));
        given
            .map(|given| &given.expr)
            .ok_or_else(|| "it is not named in `default`".to_owned())
    }

    fn value(&self, expression: &Expr) -> Result<Value, String> {
        match expression {
            Expr::Lit(literal) => literal_value(&literal.lit).ok_or_else(|| unknown(expression)),
            Expr::MethodCall(call) => self.value(&call.receiver),
            Expr::Paren(inner) => self.value(&inner.expr),
            Expr::Reference(inner) => self.value(&inner.expr),
            Expr::Cast(inner) => self.value(&inner.expr),
            Expr::Array(array) => self.list(&array.elems),
            Expr::Macro(call) => self.list(&members(call)?),
            Expr::Path(path) => self.named(&path.path),
            Expr::Call(call) => self.call(call),
            Expr::Binary(product) => self.product(&product.left, &product.op, &product.right),
            _ => Err(unknown(expression)),
        }
    }

    fn list(&self, members: &Punctuated<Expr, Comma>) -> Result<Value, String> {
        members
            .iter()
            .map(|member| self.value(member))
            .collect::<Result<_, _>>()
            .map(Value::List)
    }

    fn product(&self, left: &Expr, op: &syn::BinOp, right: &Expr) -> Result<Value, String> {
        match (self.value(left)?, op, self.value(right)?) {
            (Value::Number(left), syn::BinOp::Mul(_), Value::Number(right)) => {
                Ok(Value::Number(left * right))
            }
            (Value::Number(left), syn::BinOp::Shl(_), Value::Number(right)) => {
                Ok(Value::Number(left << right))
            }
            _ => Err(unknown(op)),
        }
    }

    /// A variable, a constant, or a variant of an enum.
    fn named(&self, path: &syn::Path) -> Result<Value, String> {
        let (kind, name) = last_two(path);
        if name == "None" && kind.is_none() {
            return Ok(Value::None);
        }
        if let Some(expression) = self.variables.get(&name) {
            return self.value(expression);
        }
        if let Some(expression) = self.code.constants.get(&name) {
            return self.value(expression);
        }
        self.variant(kind.as_deref(), &name).ok_or_else(|| unknown(path))
    }

    fn variant(&self, kind: Option<&str>, name: &str) -> Option<Value> {
        let mut enums = self.code.enums.values();
        enums.find_map(|item| {
            let is_meant = kind.is_none_or(|kind| item.ident == kind);
            let variant = item
                .variants
                .iter()
                .find(|variant| is_meant && variant.ident == name)?;
            Some(Value::Text(kinds::variant_name(item, variant)))
        })
    }

    fn call(&self, call: &ExprCall) -> Result<Value, String> {
        let Expr::Path(path) = &*call.func else {
            return Err(unknown(call));
        };
        let (kind, name) = last_two(&path.path);
        match (kind.as_deref(), name.as_str(), call.args.first()) {
            (Some("Period"), unit, Some(argument)) => self.period(unit, argument),
            (_, _, Some(argument)) => self.value(argument),
            (Some("String"), "new" | "default", None) => Ok(Value::Text(String::new())),
            (Some("Vec" | "BTreeSet"), "new" | "default", None) => Ok(Value::List(Vec::new())),
            (Some("BTreeMap" | "HashMap"), "new" | "default", None) => Ok(Value::None),
            (Some(kind), "default", None) => marked(self.code, kind).ok_or_else(|| unknown(call)),
            (None, function, None) => self.function(function).unwrap_or_else(|| Err(unknown(call))),
            _ => Err(unknown(call)),
        }
    }

    fn function(&self, name: &str) -> Option<Result<Value, String>> {
        let block = self.code.functions.get(name)?;
        match block.stmts.last()? {
            Stmt::Expr(expression, None) => Some(Scope::new(self.code, block).value(expression)),
            _ => None,
        }
    }

    fn period(&self, unit: &str, argument: &Expr) -> Result<Value, String> {
        match (unit, self.value(argument)?) {
            ("from_secs", Value::Number(number)) => Ok(Value::Period(number * 1_000)),
            ("from_millis", Value::Number(number)) => Ok(Value::Period(number)),
            _ => Err(unknown(argument)),
        }
    }
}

fn variable(statement: &Stmt) -> Option<(String, &Expr)> {
    let Stmt::Local(local) = statement else {
        return None;
    };
    let Pat::Ident(name) = &local.pat else { return None };
    let value = local.init.as_ref()?;
    Some((name.ident.to_string(), &value.expr))
}

fn members(call: &ExprMacro) -> Result<Punctuated<Expr, Comma>, String> {
    call.mac
        .parse_body_with(Punctuated::parse_terminated)
        .map_err(|_| unknown(call))
}

fn literal_value(literal: &Lit) -> Option<Value> {
    match literal {
        Lit::Str(text) => Some(Value::Text(text.value())),
        Lit::Bool(flag) => Some(Value::Flag(flag.value)),
        Lit::Int(number) => number.base10_parse().ok().map(Value::Number),
        _ => None,
    }
}

fn last_two(path: &syn::Path) -> (Option<String>, String) {
    let mut names = path
        .segments
        .iter()
        .rev()
        .map(|segment| segment.ident.to_string());
    let name = names.next().unwrap_or_default();
    (names.next(), name)
}

fn unknown(tokens: &impl ToTokens) -> String {
    let tokens = tokens.to_token_stream();
    format!(
        "`{tokens}` is not understood; xtask/src/settings/defaults.rs knows literals, constants, lists and periods"
    )
}
