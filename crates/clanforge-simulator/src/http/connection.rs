//! One connection: requests in, steps out.

use std::io;
use std::sync::Mutex;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::http::request::{MAX_HEAD_BYTES, Request};
use crate::scenario::{Answer, Step};
use crate::service::Service;

/// What an endless or huge body is made of.
const SPACES: [u8; 16 * 1024] = [b' '; 16 * 1024];

/// Serves requests until one side ends the connection.
///
/// # Errors
/// What the network says, the client's going away included.
pub(crate) async fn serve(stream: TcpStream, service: &Mutex<Service>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut connection = Connection { stream, arrived: BytesMut::new() };
    let mut closes_on_next = false;
    while let Some(request) = connection.next_request().await? {
        if closes_on_next {
            return Ok(());
        }
        let steps = match &request {
            Ok(request) => lock(service).reply(request),
            Err(problem) => [Answer::json(400, problem.clone()).steps(), vec![Step::Close]].concat(),
        };
        for step in steps {
            match step {
                Step::Send(bytes) => connection.stream.write_all(&bytes).await?,
                Step::Pause(pause) => connection.pause(pause).await?,
                Step::Drip { bytes, every } => connection.drip(&bytes, every).await?,
                Step::Fill(bytes) => connection.fill(bytes).await?,
                Step::CloseOnReuse => closes_on_next = true,
                Step::Close => return Ok(()),
                Step::Reset => return connection.reset(),
                Step::Hang => return connection.until_gone().await,
            }
        }
        if request.is_ok_and(|request| request.is_last) {
            return Ok(());
        }
    }
    Ok(())
}

/// Returns the service, also where a thread panicked while it held it: there is no half-done state to see.
pub(crate) fn lock(service: &Mutex<Service>) -> std::sync::MutexGuard<'_, Service> {
    service.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

struct Connection {
    stream: TcpStream,
    arrived: BytesMut,
}

impl Connection {
    /// Returns the next request, or what is wrong with it; `None` where the client is done.
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

    /// Waits, or ends with an error as soon as the client is gone.
    async fn pause(&mut self, pause: Duration) -> io::Result<()> {
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            gone = self.until_gone() => gone.and(Err(io::ErrorKind::ConnectionAborted.into())),
        }
    }

    async fn until_gone(&mut self) -> io::Result<()> {
        while self.read().await? > 0 {}
        Ok(())
    }

    /// Reads what there is, in one go where possible: what is left unread turns a good-bye into a reset.
    async fn read(&mut self) -> io::Result<usize> {
        self.arrived.reserve(MAX_HEAD_BYTES);
        self.stream.read_buf(&mut self.arrived).await
    }

    async fn drip(&mut self, bytes: &Bytes, every: Duration) -> io::Result<()> {
        for byte in bytes {
            self.pause(every).await?;
            self.stream.write_all(&[*byte]).await?;
        }
        Ok(())
    }

    async fn fill(&mut self, bytes: Option<u64>) -> io::Result<()> {
        let Some(mut left) = bytes else {
            loop {
                self.stream.write_all(format!("{:x}\r\n", SPACES.len()).as_bytes()).await?;
                self.stream.write_all(&SPACES).await?;
                self.stream.write_all(b"\r\n").await?;
            }
        };
        while left > 0 {
            let part = usize::try_from(left).unwrap_or(usize::MAX).min(SPACES.len());
            self.stream.write_all(&SPACES[..part]).await?;
            left -= part as u64;
        }
        Ok(())
    }

    /// Ends the connection with a reset instead of a good-bye.
    fn reset(self) -> io::Result<()> {
        self.stream.set_zero_linger()
    }
}
