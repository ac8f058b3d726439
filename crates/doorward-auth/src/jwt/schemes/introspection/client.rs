//! The question, and how its answer is read.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use doorward_core::door::Door;
use doorward_core::http_client::{HttpClient, HttpError, trusted_url};
use doorward_core::settings::{IntrospectionSettings, SettingsError};
use doorward_core::stores::{Outage, StoreError};
use doorward_django::json::{Value, loads};
use doorward_django::jwt::{Claims, MAX_LENGTH};
use doorward_django::timestamp::Timestamp;
use form_urlencoded::{Serializer, byte_serialize};
use http::{HeaderValue, Request, StatusCode, Uri, header};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::cache::{Cache, Said};
use super::flights::{Answered, Flights};
use super::kind::is_access;

/// How many questions are under way at once; more wait for their turn.
const MAX_QUESTIONS: usize = 32;

/// How long a request waits for its turn and the answer together.
const PATIENCE: Duration = Duration::from_secs(10);

/// How large an answer may be, in bytes: what is kept of thousands has to fit into memory.
const MAX_ANSWER: usize = 65_536;

/// Asks `jwt.introspection.url` what tokens are worth.
#[derive(Debug)]
pub(crate) struct IntrospectionClient {
    url: Uri,
    authorization: Option<HeaderValue>,
    client: Arc<dyn HttpClient>,
    cache: Cache,
    flights: Flights,
    turns: Semaphore,
    patience: Duration,
}

/// Whom to ask about tokens; `None` where nobody is to be asked.
pub(super) fn introspection(door: &Door) -> Option<&IntrospectionClient> {
    door.opened()
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
            flights: Flights::default(),
            turns: Semaphore::new(MAX_QUESTIONS),
            patience: PATIENCE,
        }))
    }

    /// What is said of an access token that is active; `None` for another.
    ///
    /// # Errors
    /// Where nobody answers, or what makes no sense: nobody is let in then.
    pub(crate) async fn claims(&self, token: &str, now: Timestamp) -> Result<Said, StoreError> {
        if token.len() > MAX_LENGTH {
            return Ok(None);
        }
        let key = Cache::key(token);
        if let Some(said) = self.cache.find(&key, now) {
            return Ok(said);
        }
        // Kept by who asked: for those who joined later the answer is older than they are.
        let ask = async {
            let answered = self.ask_in_turn(token).await;
            if let Ok(said) = &answered {
                self.cache.keep(key, said, now);
            }
            answered
        };
        let answered = match self.cache.is_off() {
            true => ask.await,
            false => self.flights.join(key, ask).await,
        };
        answered.map_err(|why| no_answer(&why))
    }

    async fn ask_in_turn(&self, token: &str) -> Answered {
        let asked = timeout(self.patience, async {
            let _turn = self.turns.acquire().await?;
            self.ask(token).await
        });
        match asked.await {
            Ok(answer) => answer.map_err(|error| error.to_string().into()),
            Err(_) => Err("no answer came in time".into()),
        }
    }

    async fn ask(&self, token: &str) -> Result<Said, HttpError> {
        let response = self.client.send(self.request(token)?).await?;
        if response.status() != StatusCode::OK {
            return Err(format!("the answer is {}", response.status()).into());
        }
        if response.body().len() > MAX_ANSWER {
            return Err(format!("the answer has more than {MAX_ANSWER} bytes").into());
        }
        let Value::Object(mut said) = loads(std::str::from_utf8(response.body())?)? else {
            return Err("the answer is no object".into());
        };
        match said.remove("active") {
            Some(Value::Bool(true)) if is_access(&said) => Ok(Some(Arc::new(Claims::from(said)))),
            Some(Value::Bool(true)) => {
                tracing::debug!("a token was refused: it is active, and said to be no access token");
                Ok(None)
            }
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

fn no_answer(why: &str) -> StoreError {
    let message = "the introspection endpoint gives no answer";
    StoreError::new(message, Outage::Passing, why)
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

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;
    use doorward_core::answer::Answer;

    /// A service that takes every question and answers none.
    #[derive(Debug)]
    struct Silent;

    impl HttpClient for Silent {
        fn send(&self, _: Request<Bytes>) -> Answer<'_, Result<Response<Bytes>, HttpError>> {
            Answer::pending(std::future::pending())
        }
    }

    #[tokio::test]
    async fn nobody_waits_for_ever_neither_for_an_answer_nor_for_a_turn() {
        let mut settings = IntrospectionSettings::default();
        settings.url = Some("https://id.example/".to_owned());
        let silent: Arc<dyn HttpClient> = Arc::new(Silent);
        let client = IntrospectionClient::new(&settings, Some(&silent)).unwrap();
        let client = IntrospectionClient {
            patience: Duration::from_millis(20),
            ..client.unwrap()
        };
        let tokens: Vec<String> = (0..=MAX_QUESTIONS).map(|number| number.to_string()).collect();
        let now = Timestamp::from_secs(1);
        let answers = futures_util::future::join_all(tokens.iter().map(|token| client.claims(token, now)));
        for answer in answers.await {
            assert_eq!(answer.unwrap_err().outage(), Outage::Passing);
        }
        assert_eq!(client.turns.available_permits(), MAX_QUESTIONS);
    }
}
