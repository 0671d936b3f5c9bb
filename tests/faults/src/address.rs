//! Addresses at which connecting fails, or fails for a while.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};

use crate::server::{Script, Server, any_port, runtime};

/// Returns an address that refuses connections.
pub(crate) fn refusing() -> io::Result<SocketAddr> {
    let holder = shared(any_port())?;
    let address = holder.local_addr()?;
    // Bound and not listening, it keeps others from the port until the process ends.
    std::mem::forget(holder);
    Ok(address)
}

/// Returns an address whose listen backlog is full, so that the next connection is never accepted.
pub(crate) fn full() -> io::Result<SocketAddr> {
    let _context = runtime()?.enter();
    let socket = TcpSocket::new_v4()?;
    socket.bind(any_port())?;
    let listener = socket.listen(1)?;
    let address = listener.local_addr()?;
    let queued: Vec<_> =
        (0..8).map_while(|_| TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok()).collect();
    // They stay in the queue until the process ends.
    std::mem::forget((listener, queued));
    Ok(address)
}

/// Starts a server that goes away for a while after this number of requests, and comes back at the same port. It serves one
/// connection at a time, and its script closes each.
pub(crate) fn restarting(script: Script, requests: u64, away: Duration) -> io::Result<SocketAddr> {
    let runtime = runtime()?;
    let _context = runtime.enter();
    let holder = shared(any_port())?;
    let address = holder.local_addr()?;
    let listener = shared(address)?.listen(16)?;
    runtime.spawn(serve_and_restart(holder, listener, Server::new(script), requests, away));
    Ok(address)
}

/// `holder` is bound and does not listen: it keeps others from the port while the server is away.
async fn serve_and_restart(
    holder: TcpSocket,
    mut listener: TcpListener,
    server: Server,
    requests: u64,
    away: Duration,
) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        // An error ends the connection: the client is what is tested.
        let _ = server.serve(stream).await;
        if server.requests() == requests {
            drop(listener);
            tokio::time::sleep(away).await;
            listener = shared(holder.local_addr()?)?.listen(16)?;
        }
    }
}

/// Returns a socket whose port other sockets of this function may share.
fn shared(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    Ok(socket)
}
