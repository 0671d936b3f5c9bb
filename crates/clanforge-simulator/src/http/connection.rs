//! One connection: requests in, actions out.

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::action::Action;
use super::request::{MAX_HEAD_BYTES, Request};
use super::response::Response;

/// What a huge body is made of.
const SPACES: [u8; 16 * 1024] = [b' '; 16 * 1024];

/// Serves requests until one side ends the connection.
///
/// # Errors
/// Errors of the network, also if the client is gone.
pub(crate) async fn serve<R: Future<Output = Vec<Action>>>(
    stream: TcpStream,
    reply: impl Fn(Request) -> R,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut connection = Connection { stream, arrived: BytesMut::new() };
    let mut closes_on_reuse = false;
    while let Some(request) = connection.next_request().await? {
        if closes_on_reuse {
            return Ok(());
        }
        let is_last = request.as_ref().is_ok_and(|request| request.is_last);
        let actions = match request {
            Ok(request) => tokio::select! {
                biased;
                actions = reply(request) => actions,
                closed = connection.until_closed() => return closed,
            },
            Err(problem) => [Response::json(400, problem).actions(), vec![Action::Close]].concat(),
        };
        for action in actions {
            match action {
                Action::Send(bytes) => connection.stream.write_all(&bytes).await?,
                Action::Drip(bytes, delay) => connection.drip(&bytes, delay).await?,
                Action::Fill(bytes) => connection.fill(bytes).await?,
                Action::Endless(bytes) => loop {
                    connection.stream.write_all(&bytes).await?;
                },
                Action::Delay(delay) => connection.delay(delay).await?,
                Action::Hang => return connection.until_closed().await,
                Action::Close => return Ok(()),
                Action::CloseOnReuse => closes_on_reuse = true,
                Action::Reset => return connection.stream.set_zero_linger(),
            }
        }
        if is_last {
            return Ok(());
        }
    }
    Ok(())
}

struct Connection {
    stream: TcpStream,
    arrived: BytesMut,
}

impl Connection {
    /// Returns the next request, or why it is not one; `None` if the client is done.
    async fn next_request(&mut self) -> io::Result<Option<Result<Request, String>>> {
        loop {
            match Request::parse(&self.arrived) {
                Ok(Some((request, length))) => {
                    let _ = self.arrived.split_to(length);
                    return self.skip(request.body_bytes).await.map(|()| Some(Ok(request)));
                }
                Ok(None) => {}
                Err(problem) => return Ok(Some(Err(problem))),
            }
            if self.read().await? == 0 {
                return Ok(None);
            }
        }
    }

    async fn skip(&mut self, mut bytes: usize) -> io::Result<()> {
        loop {
            let here = bytes.min(self.arrived.len());
            let _ = self.arrived.split_to(here);
            bytes -= here;
            if bytes == 0 {
                return Ok(());
            }
            if self.read().await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// Waits for this time, or ends with an error as soon as the client is gone.
    async fn delay(&mut self, delay: Duration) -> io::Result<()> {
        tokio::select! {
            () = tokio::time::sleep(delay) => Ok(()),
            closed = self.until_closed() => closed.and(Err(io::ErrorKind::ConnectionAborted.into())),
        }
    }

    async fn until_closed(&mut self) -> io::Result<()> {
        while self.read().await? > 0 {}
        Ok(())
    }

    /// Reads what there is, in one go where possible: unread bytes would turn a close into a reset.
    async fn read(&mut self) -> io::Result<usize> {
        self.arrived.reserve(MAX_HEAD_BYTES);
        self.stream.read_buf(&mut self.arrived).await
    }

    async fn drip(&mut self, bytes: &Bytes, delay: Duration) -> io::Result<()> {
        for byte in bytes {
            self.delay(delay).await?;
            self.stream.write_all(&[*byte]).await?;
        }
        Ok(())
    }

    async fn fill(&mut self, mut bytes: u64) -> io::Result<()> {
        while bytes > 0 {
            let part = usize::try_from(bytes).unwrap_or(usize::MAX).min(SPACES.len());
            self.stream.write_all(&SPACES[..part]).await?;
            bytes -= part as u64;
        }
        Ok(())
    }
}
