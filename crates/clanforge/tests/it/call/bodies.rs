//! Response bodies: compressed or not, up to the limit.

use std::io::Write;

use clanforge::{Client, Credentials, ErrorKind};
use clanforge_simulator::Reply;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::servers::{IMAGE, always, builder, json, raw_server};

const STATUS: &str = r#"{"pending_machines": 1, "completed_machines": 2}"#;

fn gzipped(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    let body = encoder.finish().unwrap();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), &body].concat()
}

fn client(url: String) -> Client {
    Client::builder().base_url(url).credentials(Credentials::bearer("a-token")).retries(0).build().unwrap()
}

#[tokio::test]
async fn a_compressed_body_is_decompressed() {
    let status = client(raw_server(gzipped(STATUS.as_bytes()))).image_status(IMAGE).await.unwrap();
    assert_eq!((status.pending_machines(), status.completed_machines()), (1, 2));
}

#[tokio::test]
async fn the_limit_applies_after_decompression() {
    let bomb = gzipped(&vec![b' '; 32 << 20]);
    assert!(bomb.len() < 1 << 20);
    let error = client(raw_server(bomb)).image_status(IMAGE).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("larger than 16777216 bytes"), "{error}");
}

#[tokio::test]
async fn a_body_that_cannot_be_decompressed_is_a_decode_error() {
    let mut response = gzipped(STATUS.as_bytes());
    let middle = response.len() - 20;
    response[middle] ^= 0xff;
    let error = client(raw_server(response)).image_status(IMAGE).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(error.to_string().contains("its body could not be decompressed"), "{error}");
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_accepted() {
    let simulator = always(json(200, STATUS));
    let exact = builder(&simulator).max_body_bytes(STATUS.len()).build().unwrap();
    assert!(exact.image_status(IMAGE).await.is_ok());
    let tight = builder(&simulator).max_body_bytes(STATUS.len() - 1).build().unwrap();
    assert_eq!(tight.image_status(IMAGE).await.unwrap_err().kind(), ErrorKind::Decode);
    for bytes in ["4\r\n{\"pe\r\n", "4\r\n    \r\n0\r\n\r\n"] {
        let chunked = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{bytes}");
        let simulator = always(Reply::Raw { bytes: chunked });
        let client = builder(&simulator).max_body_bytes(3).build().unwrap();
        let error = client.image_status(IMAGE).await.unwrap_err();
        assert!(error.to_string().contains("larger than 3 bytes"), "{error}");
    }
}

#[tokio::test]
async fn a_large_body_is_read_whole() {
    let region = |number| format!(r#""r{number}": {{"name": "N", "pending_machines": 1, "completed_machines": 2}}"#);
    let regions: Vec<_> = (0..20_000).map(region).collect();
    let body = format!(
        r#"{{"fleets": {{"f": {{"regions": {{{}}}, "pending_machines": 20000, "completed_machines": 40000}}}},
            "pending_machines": 20000, "completed_machines": 40000}}"#,
        regions.join(",")
    );
    let simulator = always(json(200, &body));
    let status = builder(&simulator).build().unwrap().image_status(IMAGE).detail(true).await.unwrap();
    assert_eq!(status.pending_regions().unwrap().len(), 20_000);
    assert_eq!(status.mismatches(), Some(Vec::new()));
}
