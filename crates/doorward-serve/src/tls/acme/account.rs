//! The account with an authority, over the client that fetches others' keys.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use doorward_core::settings::AcmeSettings;
use http::Request;
use http_body_util::{BodyExt, Full};
use instant_acme::{Account, BodyWrapper, BytesResponse, Error, HttpClient, NewAccount};
use tokio::time::timeout;

use super::Failure;
use super::folder::Folder;
use crate::http_client::HttpsClient;

/// How long the authority may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The account that is known, or a new one.
pub(super) async fn open(settings: &AcmeSettings, folder: &Folder) -> Result<Account, Failure> {
    let builder = Account::builder_with_http(Box::new(Client(HttpsClient::new()?)));
    if let Some(known) = folder.account().await? {
        let credentials = serde_json::from_str(known.expose())?;
        return Ok(builder.from_credentials(credentials).await?);
    }
    let contact: Vec<_> = settings.contact.iter().map(String::as_str).collect();
    let new = NewAccount {
        contact: &contact,
        terms_of_service_agreed: settings.accept_terms,
        only_return_existing: false,
    };
    let (account, credentials) = builder.create(&new, settings.directory.clone(), None).await?;
    folder.keep_account(serde_json::to_string(&credentials)?).await?;
    Ok(account)
}

/// The client as `instant-acme` wants it.
struct Client(HttpsClient);

impl HttpClient for Client {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let client = self.0.clone();
        Box::pin(async move {
            let answer = timeout(PATIENCE, send(&client, request)).await;
            answer
                .unwrap_or_else(|_| Err("no answer came within thirty seconds".into()))
                .map_err(Error::Other)
        })
    }
}

async fn send(client: &HttpsClient, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, Failure> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let response = client.answer(Request::from_parts(parts, body)).await?;
    Ok(BytesResponse::from(response.map(Full::new)))
}
