//! The statement that makes a user.

use doorward_core::stores::NewUser;
use doorward_django::timestamp::Timestamp;

use crate::database::{Sql, Value};
use crate::names::Names;
use crate::schema::{IdType, NewValue};

/// Inserts the columns that the table has.
#[derive(Debug)]
pub(super) struct Create {
    names: Names,
}

/// What goes into a column.
enum Inserted {
    Value(Value),
    /// Something that the database works out.
    Expression(String),
}

impl Create {
    pub(super) fn new(names: &Names) -> Self {
        Self { names: names.clone() }
    }

    /// The statement for one user, and its values. What is said of this user goes before what the settings say of all.
    pub(super) fn statement(&self, user: &NewUser) -> (Sql, Vec<Value>) {
        let at = user.date_joined;
        let further = user
            .further
            .iter()
            .map(|(name, value)| (name.clone(), Inserted::Value(value.clone())));
        let of_all = self.names.user.schema.new_columns.iter();
        let of_all = of_all.map(|new| (new.name.clone(), self.fresh(&new.value, at)));
        let known = self
            .known(user)
            .into_iter()
            .filter_map(|(name, value)| Some((name?.to_owned(), value)));
        self.render(further.chain(known).chain(of_all))
    }

    /// Of a column that comes twice the first value counts: where users log in by their e-mail address, name and address
    /// are one.
    fn render(&self, given: impl Iterator<Item = (String, Inserted)>) -> (Sql, Vec<Value>) {
        let (mut columns, mut marks, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (name, inserted) in given {
            let name = self.names.dialect.quote(&name);
            if columns
                .iter()
                .any(|known: &String| known.eq_ignore_ascii_case(&name))
            {
                continue;
            }
            columns.push(name);
            match inserted {
                Inserted::Value(value) => {
                    marks.push("?".to_owned());
                    values.push(value);
                }
                Inserted::Expression(sql) => marks.push(sql),
            }
        }
        let (table, columns, marks) = (&self.names.user.table, columns.join(", "), marks.join(", "));
        (
            Sql::rendered(format!("INSERT INTO {table} ({columns}) VALUES ({marks})")),
            values,
        )
    }

    fn known(&self, user: &NewUser) -> [(Option<&str>, Inserted); 10] {
        let schema = &self.names.user.schema;
        let key = (schema.id == IdType::Uuid).then_some(schema.id_column.as_str());
        let value = |value: Value| Inserted::Value(value);
        [
            (key, self.random_uuid()),
            (
                Some(&schema.username_column),
                value(user.username.as_str().into()),
            ),
            (Some("password"), value((&user.password).into())),
            (schema.email_column.as_deref(), value(user.email.as_str().into())),
            (schema.first_name_column.as_deref(), value("".into())),
            (schema.last_name_column.as_deref(), value("".into())),
            (schema.is_active.column(), value(true.into())),
            (schema.is_staff.column(), value(user.is_staff.into())),
            (schema.is_superuser.column(), value(user.is_superuser.into())),
            (
                schema.date_joined_column.as_deref(),
                value(self.names.times.of_django(user.date_joined)),
            ),
        ]
    }

    fn fresh(&self, new: &NewValue, at: Timestamp) -> Inserted {
        match new {
            NewValue::Fixed(value) => Inserted::Value(value.clone()),
            NewValue::Now => Inserted::Value(self.names.times.of_django(at)),
            NewValue::RandomUuid => self.random_uuid(),
            NewValue::RandomText(length) => Inserted::Expression(self.names.dialect.random_text(*length)),
        }
    }

    fn random_uuid(&self) -> Inserted {
        Inserted::Expression(self.names.dialect.random_uuid().to_owned())
    }
}
