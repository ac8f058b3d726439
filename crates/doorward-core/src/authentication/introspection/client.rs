//! The question, and how its answer is read.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use doorward_django::jwt::Claims;
use doorward_django::timestamp::Timestamp;
use form_urlencoded::{Serializer, byte_serialize};
use http::{HeaderValue, Request, StatusCode, Uri, header};
use serde_json::{Map, Value};

use super::cache::Cache;
use crate::http_client::{HttpClient, HttpError, trusted_url};
use crate::settings::{IntrospectionSettings, SettingsError};
use crate::stores::{Outage, StoreError};

/// Asks `jwt.introspection.url` what tokens are worth.
#[derive(Debug)]
pub(crate) struct IntrospectionClient {
    url: Uri,
    authorization: Option<HeaderValue>,
    client: Arc<dyn HttpClient>,
    cache: Cache,
}

impl IntrospectionClient {
    /// The client of the settings; `None` where nobody is to be asked.
    pub(crate) fn new(
        settings: &IntrospectionSettings,
        client: Option<&Arc<dyn HttpClient>>,
    ) -> Result<Option<Self>, SettingsError> {
        let key = "jwt.introspection.url";
        let Some(url) = &settings.url else {
            return Ok(None);
        };
        let url = trusted_url(key, url)?;
        let Some(client) = client else {
            let problem = "nothing asks it in this build; switch on the feature `jwks-client`";
            return Err(SettingsError::new(key, problem));
        };
        Ok(Some(Self {
            url,
            authorization: authorization(settings)?,
            client: Arc::clone(client),
            cache: Cache::new(settings.cache.duration()),
        }))
    }

    /// What is said of a token that is active; `None` for another.
    pub(crate) async fn claims(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Arc<Claims>>, StoreError> {
        let key = Cache::key(token);
        if let Some(claims) = self.cache.find(&key, now) {
            return Ok(Some(claims));
        }
        let said = self.ask(token).await.map_err(|error| {
            StoreError::new(
                "the introspection endpoint gives no answer",
                Outage::Passing,
                error,
            )
        })?;
        let claims = said.map(|said| Arc::new(Claims::from(said)));
        if let Some(claims) = &claims {
            self.cache.keep(key, claims, now);
        }
        Ok(claims)
    }

    async fn ask(&self, token: &str) -> Result<Option<Map<String, Value>>, HttpError> {
        let response = self.client.send(self.request(token)?).await?;
        if response.status() != StatusCode::OK {
            return Err(format!("the answer is {}", response.status()).into());
        }
        let mut said: Map<String, Value> = serde_json::from_slice(response.body())?;
        match said.shift_remove("active") {
            Some(Value::Bool(true)) => Ok(Some(said)),
            Some(Value::Bool(false)) => Ok(None),
            _ => Err("the answer has no `active`".into()),
        }
    }

    /// RFC 7662 §2.1.
    fn request(&self, token: &str) -> Result<Request<Bytes>, HttpError> {
        let form = Serializer::new(String::new())
            .append_pair("token", token)
            .append_pair("token_type_hint", "access_token")
            .finish();
        let mut request = Request::post(self.url.clone())
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorization) = &self.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        Ok(request.body(Bytes::from(form))?)
    }
}

fn authorization(settings: &IntrospectionSettings) -> Result<Option<HeaderValue>, SettingsError> {
    let text = match (&settings.authorization, &settings.client_id) {
        (Some(_), Some(_)) => {
            let problem = "stands beside `jwt.introspection.client_id`; one of the two is enough";
            return Err(SettingsError::new("jwt.introspection.authorization", problem));
        }
        (Some(whole), None) => whole.expose().clone(),
        (None, Some(id)) => basic(
            id,
            settings
                .client_secret
                .as_ref()
                .map_or("", |secret| secret.expose()),
        ),
        (None, None) => return Ok(None),
    };
    let mut value = HeaderValue::try_from(text).map_err(|_| {
        let problem = "is no value of a header; it is one line, such as `Token 0123…`";
        SettingsError::new("jwt.introspection.authorization", problem)
    })?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// RFC 6749 §2.3.1: name and password are encoded as in a form before they are joined.
fn basic(id: &str, secret: &str) -> String {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let both = format!("{}:{}", encoded(id), encoded(secret));
    format!("Basic {}", STANDARD.encode(both))
}
