//! Response bodies: compressed or not, up to the limit.

use std::io::Write;

use clanforge::{Client, Credentials, ErrorKind};
use clanforge_simulator::Reply;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::servers::{IMAGE, always, builder, json, raw_server};

const STATUS: &str = r#"{"pending_machines": 1, "completed_machines": 2}"#;

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(body: &[u8]) -> Vec<u8> {
    coded(200, "gzip", &gzip(body))
}

fn coded(status: u16, coding: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} Status\r\nContent-Encoding: {coding}\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
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
async fn content_codings_are_read_in_any_case() {
    let compressed = gzip(STATUS.as_bytes());
    for (coding, body) in [
        ("GZIP", &compressed[..]),
        ("x-gzip", &compressed),
        ("X-Gzip, identity", &compressed),
        ("identity", STATUS.as_bytes()),
        ("Identity", STATUS.as_bytes()),
    ] {
        let status = client(raw_server(coded(200, coding, body))).image_status(IMAGE).await;
        assert_eq!(status.unwrap().completed_machines(), 2, "{coding}");
    }
}

#[tokio::test]
async fn every_member_of_a_gzip_body_is_read() {
    let (first, second) = STATUS.split_at(20);
    let members = [gzip(first.as_bytes()), gzip(b""), gzip(second.as_bytes())].concat();
    let status = client(raw_server(coded(200, "gzip", &members))).image_status(IMAGE).await.unwrap();
    assert_eq!((status.pending_machines(), status.completed_machines()), (1, 2));

    let end = coded(200, "gzip", &members[..members.len() - 3]);
    let error = client(raw_server(end)).image_status(IMAGE).await.unwrap_err();
    assert!(error.to_string().contains("its body could not be decompressed"), "{error}");
}

#[tokio::test]
async fn an_unknown_content_coding_is_an_error_that_names_it() {
    let error = client(raw_server(coded(200, "br", b"\x0b\x02\x80{}"))).image_status(IMAGE).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains(r#"its content coding is "br""#), "{error}");
}

#[tokio::test]
async fn a_compressed_error_body_is_read_as_far_as_it_goes() {
    let body = gzip(br#"{"error": true, "error_code": 1, "error_message": "image locked"}"#);
    for body in [&body[..], &body[..body.len() - 8]] {
        let error = client(raw_server(coded(400, "X-GZIP", body))).image_status(IMAGE).await.unwrap_err();
        assert_eq!(error.api_message(), Some("image locked"), "{error}");
    }
}

#[tokio::test]
async fn hundreds_of_response_headers_are_read() {
    let response = |headers: usize| {
        let lines = "X-Trace: 1\r\n".repeat(headers);
        let length = STATUS.len();
        format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: {length}\r\n\r\n{STATUS}").into_bytes()
    };
    assert!(client(raw_server(response(500))).image_status(IMAGE).await.is_ok());

    let url = raw_server(response(600));
    let client = Client::builder().base_url(url).credentials(Credentials::bearer("a-token")).build().unwrap();
    let error = client.image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{error}");
    assert!(error.to_string().contains("too large: more than 512 headers"), "{error}");
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
