//! A mail server that takes everything, from whoever logs in.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::Certificates;

/// It ends with the test's process.
pub(crate) struct Mails {
    pub(crate) port: u16,
    taken: Arc<Mutex<String>>,
}

impl Mails {
    /// Takes mails without encryption.
    pub(crate) fn start() -> Self {
        Self::listen(None)
    }

    /// Takes mails, and a password, once STARTTLS was said.
    pub(crate) fn encrypted(certificates: &Certificates) -> Self {
        let certificate =
            CertificateDer::from_pem_file(certificates.path("certificate.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(certificates.path("key.pem")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Self::listen(Some(Arc::new(config)))
    }

    fn listen(tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&taken);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (into, tls) = (Arc::clone(&into), tls.clone());
                // A client may go without a word.
                thread::spawn(move || drop(serve(stream.unwrap(), tls, &into)));
            }
        });
        Self { port, taken }
    }

    /// All lines that came.
    pub(crate) fn taken(&self) -> String {
        self.taken.lock().unwrap().clone()
    }

    /// Who got a mail, in order.
    pub(crate) fn recipients(&self) -> Vec<String> {
        let recipient = |line: &str| {
            let address = line.strip_prefix("RCPT TO:<")?.split('>').next()?;
            Some(address.to_owned())
        };
        self.taken().lines().filter_map(recipient).collect()
    }
}

fn serve(
    mut stream: TcpStream,
    tls: Option<Arc<ServerConfig>>,
    into: &Mutex<String>,
) -> std::io::Result<()> {
    stream.write_all(b"220 sink\r\n")?;
    let Some(tls) = tls else {
        talk(stream, "250 ok\r\n", into)?;
        return Ok(());
    };
    if let Some(stream) = talk(stream, "250-sink\r\n250 STARTTLS\r\n", into)? {
        let connection = ServerConnection::new(tls).map_err(std::io::Error::other)?;
        let stream = StreamOwned::new(connection, stream);
        talk(stream, "250-sink\r\n250 AUTH PLAIN\r\n", into)?;
    }
    Ok(())
}

/// Answers until the end, or until STARTTLS, and then with the stream.
fn talk<S: Read + Write>(
    stream: S,
    greeting: &str,
    into: &Mutex<String>,
) -> std::io::Result<Option<S>> {
    let mut stream = BufReader::new(stream);
    let mut data = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        *into.lock().unwrap() += &line.replace('\r', "");
        let word = line.trim_end().split(' ').next().unwrap();
        let answer = match (data, word) {
            (true, ".") => "250 taken\r\n",
            (true, _) => continue,
            (false, "EHLO") => greeting,
            (false, "STARTTLS") => "220 go on\r\n",
            (false, "AUTH") => "235 welcome\r\n",
            (false, "DATA") => "354 go on\r\n",
            (false, "QUIT") => "221 bye\r\n",
            (false, _) => "250 ok\r\n",
        };
        stream.get_mut().write_all(answer.as_bytes())?;
        stream.get_mut().flush()?;
        if !data && word == "STARTTLS" {
            return Ok(Some(stream.into_inner()));
        }
        data = (data || word == "DATA") && word != ".";
    }
}
