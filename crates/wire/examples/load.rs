//! Measures the server: requests per second on kept connections, certificates per second, and what
//! memory, connections and descriptors are left.
//!
//! `cargo run --release -p cookiespec-wire --features server --example load -- [REQUESTS] [HOSTS]`
//!
//! Client and server share the processors of this machine; the load average says with whom else.

use std::error::Error;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_process::usage::{cpu_time, resident};
use cookiespec_wire::server::{Options, Origins, Received, Reply};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u32>());
    let requests = arguments.next().transpose()?.unwrap_or(1_000_000);
    let hosts = arguments.next().transpose()?.unwrap_or(10_000);

    println!("load average {}", fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    let descriptors = descriptors();
    let answer = |_: &Received| Reply::new(200).field("Set-Cookie", "a=1; Path=/").body("x");
    let origins = Origins::start(Options::default(), Arc::new(answer))?;
    let address = origins.address();

    // The log of exchanges is full after this.
    measure("requests, to begin with", 10_000, || keep_alive(address, 10_000))?;
    let step = requests.div_ceil(STEPS);
    for _ in 0..STEPS {
        measure("requests", step, || keep_alive(address, step))?;
    }

    let config = trusting(origins.ca_pem())?;
    measure("handshakes, each with a new host", hosts, || handshakes(address, &config, hosts))?;
    measure("handshakes with the same hosts", hosts, || handshakes(address, &config, hosts))?;

    let deadline = Instant::now() + Duration::from_secs(10);
    while origins.connections() > 0 && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(10));
    }
    println!("{} connections left, {} failures", origins.connections(), origins.failures().len());
    origins.stop();
    println!("{} descriptors left after the end", self::descriptors() - descriptors);
    Ok(())
}

/// Runs something that counts, and prints what it took.
fn measure(what: &str, count: u32, run: impl FnOnce() -> Result<()>) -> Result<()> {
    let process = std::process::id();
    let (start, cpu) = (Instant::now(), cpu_time(process).unwrap_or_default());
    run()?;
    let (time, cpu) = (start.elapsed(), cpu_time(process).unwrap_or_default() - cpu);
    println!(
        "{count:>8} {what:<34} {:>8.0} per second, {:>6.1} µs of processor time each, {:>4} MiB",
        f64::from(count) / time.as_secs_f64(),
        cpu.as_secs_f64() * 1e6 / f64::from(count),
        resident(process).unwrap_or(0) >> 20,
    );
    Ok(())
}

/// Sends requests to changing hosts on a few connections that are kept.
fn keep_alive(address: SocketAddr, count: u32) -> Result<()> {
    in_parallel(count, move |range| {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        for number in range {
            let host = number % 1000;
            let request = format!(
                "GET http://www.c{host}.test/path HTTP/1.1\r\nHost: www.c{host}.test\r\n\
                 User-Agent: load\r\nAccept: */*\r\nCookie: a={number}; b=2\r\n\r\n"
            );
            stream.write_all(request.as_bytes())?;
            read_until(&mut stream, b"\r\n\r\nx")?;
        }
        Ok(())
    })
}

/// Connects to many hosts through TLS, and sends a request to each.
fn handshakes(address: SocketAddr, config: &Arc<ClientConfig>, count: u32) -> Result<()> {
    let config = Arc::clone(config);
    in_parallel(count, move |range| {
        for number in range {
            let host = format!("www.c{number}.test");
            let mut stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            stream.write_all(format!("CONNECT {host}:443 HTTP/1.1\r\n\r\n").as_bytes())?;
            read_until(&mut stream, b"\r\n\r\n")?;
            let name = ServerName::try_from(host.clone())?;
            let mut tls =
                StreamOwned::new(ClientConnection::new(Arc::clone(&config), name)?, stream);
            tls.write_all(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())?;
            read_until(&mut tls, b"\r\n\r\nx")?;
        }
        Ok(())
    })
}

/// Shares numbers from 0 among a few threads.
fn in_parallel(
    count: u32,
    work: impl Fn(std::ops::Range<u32>) -> Result<()> + Send + Sync,
) -> Result<()> {
    let share = count.div_ceil(CLIENTS);
    let range = |client: u32| (client * share).min(count)..((client + 1) * share).min(count);
    thread::scope(|scope| {
        let work = &work;
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| scope.spawn(move || work(range(client)))).collect();
        clients.into_iter().try_for_each(|client| client.join().map_err(|_| "a client panicked")?)
    })
}

fn read_until(stream: &mut impl Read, end: &[u8]) -> io::Result<()> {
    let mut octets = [0; 1024];
    let mut known = 0;
    while !octets[..known].ends_with(end) {
        match stream.read(&mut octets[known..])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => known += count,
        }
    }
    Ok(())
}

fn trusting(pem: &str) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes())?)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// How many clients send at once.
const CLIENTS: u32 = 8;
/// How often the memory is shown.
const STEPS: u32 = 5;
