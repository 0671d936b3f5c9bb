//! Small calls, one after another over one connection: ours, reqwest and hyper.

use std::net::SocketAddr;

use anyhow::ensure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use clanforge::{Client, Credentials, ImageRef};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::runtime::Runtime;

use crate::race::{Rival, race};
use crate::server;

const PATH: &str = "/cfp/v2/project/1234/image/5678/status?detail=false";

/// The type that a user would write to decode into.
#[derive(Deserialize)]
#[allow(clippy::struct_field_names)] // They are the service's names.
struct Status {
    pending_machines: u64,
    failed_machines: u64,
    completed_machines: u64,
}

impl Status {
    fn check(&self) -> anyhow::Result<()> {
        ensure!(self.pending_machines + self.failed_machines + self.completed_machines == 40);
        Ok(())
    }
}

pub(crate) fn measure() -> anyhow::Result<()> {
    let address = server::start_fixed()?;
    let (rounds, runs) = (41, 400);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;

    let client = client(address).build()?;
    let reqwest = reqwest::Client::new();
    let mut hyper = Hyper::connect(&runtime, address)?;
    let rivals = vec![
        Rival::new("clanforge", || runtime.block_on(ours(&client))),
        Rival::new("reqwest", || runtime.block_on(theirs(&reqwest, address))),
        Rival::new("hyper, one connection by hand", || runtime.block_on(hyper.call())),
    ];
    race("a small call, async (goal: 1.05 of reqwest, 1.5 of hyper)", rounds, runs, rivals)?;

    let client = clanforge::blocking::Client::new(self::client(address))?;
    let reqwest = reqwest::blocking::Client::new();
    let mut hyper = Hyper::connect(&runtime, address)?;
    let rivals = vec![
        Rival::new("clanforge::blocking", || {
            let status = client.image_status(ImageRef::new(1234, 5678)).detail(false).send()?;
            ensure!(status.total_machines() == 40);
            Ok(())
        }),
        Rival::new("reqwest::blocking", || {
            let url = format!("http://{address}{PATH}");
            let response = reqwest.get(url).basic_auth("key", Some("secret")).send()?;
            response.error_for_status()?.json::<Status>()?.check()
        }),
        Rival::new("hyper, one connection by hand", || runtime.block_on(hyper.call())),
    ];
    race("a small call, blocking (goal: 1.05 of reqwest, 1.5 of hyper)", rounds, runs, rivals)
}

fn client(address: SocketAddr) -> clanforge::ClientBuilder {
    Client::builder().base_url(format!("http://{address}")).credentials(Credentials::basic("key", "secret"))
}

async fn ours(client: &Client) -> anyhow::Result<()> {
    let status = client.image_status(ImageRef::new(1234, 5678)).detail(false).await?;
    ensure!(status.total_machines() == 40);
    Ok(())
}

async fn theirs(client: &reqwest::Client, address: SocketAddr) -> anyhow::Result<()> {
    let request = client.get(format!("http://{address}{PATH}")).basic_auth("key", Some("secret"));
    request.send().await?.error_for_status()?.json::<Status>().await?.check()
}

struct Hyper {
    sender: SendRequest<Empty<Bytes>>,
    authority: String,
    authorization: String,
}

impl Hyper {
    fn connect(runtime: &Runtime, address: SocketAddr) -> anyhow::Result<Self> {
        let sender = runtime.block_on(async {
            let stream = tokio::net::TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            anyhow::Ok(sender)
        })?;
        let authorization = format!("Basic {}", STANDARD.encode("key:secret"));
        Ok(Self { sender, authority: address.to_string(), authorization })
    }

    async fn call(&mut self) -> anyhow::Result<()> {
        let request = hyper::Request::get(PATH)
            .header("Host", &self.authority)
            .header("Authorization", &self.authorization)
            .header("Accept", "application/json")
            .body(Empty::new())?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        ensure!(response.status() == 200);
        let body = response.into_body().collect().await?.to_bytes();
        serde_json::from_slice::<Status>(&body)?.check()
    }
}
