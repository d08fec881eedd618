//! Postgres's wire protocol, as far as a socket before a single-user backend needs it: where
//! messages begin and end, and who wants to log in.

use std::io::{self, Read, Write};

/// What a client begins with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// A login; the whole packet, user and database.
    Startup {
        packet: Vec<u8>,
        user: String,
        database: String,
    },
    /// It wants another session's statement to be stopped, which the engine cannot do.
    Cancel,
    /// It went away.
    Gone,
}

const PROTOCOL_3: u32 = 3 << 16;
const CANCEL: u32 = 80_877_102;
const SSL: u32 = 80_877_103;
const GSS: u32 = 80_877_104;
/// Longer startup packets are refused by Postgres as well.
const LONGEST_STARTUP: usize = 10_000;

/// Reads up to the login, saying no to encryption: a unix socket in a private directory needs none.
pub(crate) fn open(stream: &mut (impl Read + Write)) -> io::Result<Opening> {
    loop {
        let Some(length) = read_length(stream)? else {
            return Ok(Opening::Gone);
        };
        if !(8..=LONGEST_STARTUP).contains(&length) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "no startup packet",
            ));
        }
        let mut packet = vec![0; length];
        packet[..4].copy_from_slice(&u32::try_from(length).unwrap_or_default().to_be_bytes());
        stream.read_exact(&mut packet[4..])?;
        match u32::from_be_bytes([packet[4], packet[5], packet[6], packet[7]]) {
            SSL | GSS => stream.write_all(b"N")?,
            CANCEL => return Ok(Opening::Cancel),
            code if code >> 16 == PROTOCOL_3 >> 16 => {
                let (user, database) = login(&packet[8..]);
                return Ok(Opening::Startup {
                    packet,
                    user,
                    database,
                });
            }
            _ => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "unknown protocol",
                ));
            }
        }
    }
}

/// Messages up to one that wants an answer: a query, Sync, Flush, or the end of COPY data. `None`
/// when the client says goodbye or goes away.
pub(crate) fn read_request(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut request = Vec::new();
    loop {
        let mut kind = [0];
        if stream.read(&mut kind)? == 0 {
            return Ok(None);
        }
        let Some(length) = read_length(stream)?.filter(|length| *length >= 4) else {
            return Ok(None);
        };
        request.push(kind[0]);
        request.extend_from_slice(&u32::try_from(length).unwrap_or_default().to_be_bytes());
        let body = request.len();
        request.resize(body + length - 4, 0);
        stream.read_exact(&mut request[body..])?;
        match kind[0] {
            b'X' => return Ok(None),
            b'Q' | b'S' | b'H' | b'F' | b'c' | b'f' => return Ok(Some(request)),
            _ => {}
        }
    }
}

/// Messages one after another: their kind and what they hold.
pub(crate) fn messages(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (kind, length) = (*rest.first()?, rest.get(1..5)?);
        let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
        let body = rest.get(5..1 + length)?;
        rest = &rest[1 + length..];
        Some((kind, body))
    })
}

/// The same requests about prepared statements of another name: two clients call theirs alike.
pub(crate) fn with_statements_of(client: &str, request: &[u8]) -> Vec<u8> {
    let mut renamed = Vec::with_capacity(request.len());
    for (kind, body) in messages(request) {
        // Where in the body the name of a statement begins.
        let at = match kind {
            b'P' => Some(0),
            b'B' => body.iter().position(|byte| *byte == 0).map(|end| end + 1),
            b'D' | b'C' if body.first() == Some(&b'S') => Some(1),
            _ => None,
        };
        let at = at.filter(|at| body.get(*at).is_some_and(|byte| *byte != 0));
        let more = at.map_or("", |_| client);
        let (before, after) = body.split_at(at.unwrap_or_default());
        let length = u32::try_from(body.len() + more.len() + 4).unwrap_or_default();
        renamed.push(kind);
        renamed.extend_from_slice(&length.to_be_bytes());
        renamed.extend_from_slice(before);
        renamed.extend_from_slice(more.as_bytes());
        renamed.extend_from_slice(after);
    }
    renamed
}

/// Whether a transaction, or an answer, is still open after this.
pub(crate) fn is_open_after(response: &[u8]) -> bool {
    let last = messages(response).last();
    last != Some((b'Z', b"I"))
}

/// Rows of a simple query, NULL as nothing.
pub(crate) fn rows(response: &[u8]) -> Vec<Vec<String>> {
    let row = |body: &[u8]| {
        let mut rest = body.get(2..)?;
        let mut values = Vec::new();
        while let Some(length) = rest.get(..4) {
            let length = i32::from_be_bytes(length.try_into().ok()?);
            let length = usize::try_from(length).unwrap_or_default();
            let value = rest.get(4..4 + length)?;
            values.push(String::from_utf8_lossy(value).into_owned());
            rest = &rest[4 + length..];
        }
        Some(values)
    };
    messages(response)
        .filter(|(kind, _)| *kind == b'D')
        .filter_map(|(_, body)| row(body))
        .collect()
}

fn read_length(stream: &mut impl Read) -> io::Result<Option<usize>> {
    let mut bytes = [0; 4];
    match stream.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(u32::from_be_bytes(bytes) as usize)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// `user\0name\0database\0name\0...\0`
fn login(parameters: &[u8]) -> (String, String) {
    let texts: Vec<String> = parameters
        .split(|byte| *byte == 0)
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect();
    let find = |wanted: &str| {
        texts
            .chunks(2)
            .find(|pair| pair[0] == wanted)
            .and_then(|pair| pair.get(1).cloned())
            .filter(|value| !value.is_empty())
    };
    let user = find("user").unwrap_or_else(|| crate::USER.to_owned());
    let database = find("database").unwrap_or_else(|| user.clone());
    (user, database)
}

/// A simple query.
pub(crate) fn query(sql: &str) -> Vec<u8> {
    let mut message = vec![b'Q'];
    let length = u32::try_from(sql.len() + 5).unwrap_or_default();
    message.extend_from_slice(&length.to_be_bytes());
    message.extend_from_slice(sql.as_bytes());
    message.push(0);
    message
}

/// An `ErrorResponse` that ends the connection.
pub(crate) fn fatal(code: &str, message: &str) -> Vec<u8> {
    let mut fields = Vec::new();
    for (kind, text) in [
        (b'S', "FATAL"),
        (b'V', "FATAL"),
        (b'C', code),
        (b'M', message),
    ] {
        fields.push(kind);
        fields.extend_from_slice(text.as_bytes());
        fields.push(0);
    }
    fields.push(0);
    let mut response = vec![b'E'];
    let length = u32::try_from(fields.len() + 4).unwrap_or_default();
    response.extend_from_slice(&length.to_be_bytes());
    response.extend_from_slice(&fields);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn startup(parameters: &[u8]) -> Vec<u8> {
        let length = u32::try_from(parameters.len() + 8).unwrap();
        let mut packet = length.to_be_bytes().to_vec();
        packet.extend_from_slice(&PROTOCOL_3.to_be_bytes());
        packet.extend_from_slice(parameters);
        packet
    }

    #[test]
    fn encryption_is_declined_and_the_login_read() {
        let login = startup(b"user\0ann\0database\0shop\0\0");
        let mut bytes = vec![0, 0, 0, 8];
        bytes.extend_from_slice(&SSL.to_be_bytes());
        let at = bytes.len();
        bytes.extend_from_slice(&login);
        let mut stream = Cursor::new(bytes);
        // The answer `N` is written where the cursor stands; put the login back behind it.
        stream.get_mut().insert(at, 0);
        assert_eq!(
            open(&mut stream).unwrap(),
            Opening::Startup {
                packet: login,
                user: "ann".into(),
                database: "shop".into()
            }
        );
    }

    #[test]
    fn the_database_is_the_users_name_when_it_is_not_given() {
        assert_eq!(login(b"user\0ann\0\0"), ("ann".into(), "ann".into()));
        assert_eq!(login(b"\0"), ("postgres".into(), "postgres".into()));
    }

    #[test]
    fn statements_get_their_clients_number() {
        let message = |kind: u8, body: &[u8]| {
            let length = u32::try_from(body.len() + 4).unwrap();
            [&[kind][..], &length.to_be_bytes(), body].concat()
        };
        for (kind, body, expected) in [
            (
                b'P',
                &b"s0\0select 1\0\0\0"[..],
                &b"7_s0\0select 1\0\0\0"[..],
            ),
            (b'P', b"\0select 1\0\0\0", b"\0select 1\0\0\0"),
            (b'B', b"portal\0s0\0\0\0", b"portal\x007_s0\0\0\0"),
            (b'B', b"\0\0\0\0", b"\0\0\0\0"),
            (b'D', b"Ss0\0", b"S7_s0\0"),
            (b'D', b"Pportal\0", b"Pportal\0"),
            (b'C', b"Ss0\0", b"S7_s0\0"),
            (b'Q', b"select 1\0", b"select 1\0"),
        ] {
            let both = [message(kind, body), message(b'S', b"")].concat();
            let renamed = [message(kind, expected), message(b'S', b"")].concat();
            assert_eq!(with_statements_of("7_", &both), renamed);
        }
    }

    #[test]
    fn an_answer_is_open_until_the_server_is_idle() {
        assert!(!is_open_after(b"C\0\0\0\x06X\0Z\0\0\0\x05I"));
        assert!(is_open_after(b"C\0\0\0\x06X\0Z\0\0\0\x05T"));
        assert!(is_open_after(b"1\0\0\0\x04"));
    }

    #[test]
    fn a_request_ends_where_an_answer_is_due() {
        let mut bytes = b"P\0\0\0\x05aB\0\0\0\x04S\0\0\0\x04Q\0\0\0\x06x\0".to_vec();
        bytes.extend_from_slice(b"X\0\0\0\x04");
        let mut stream = Cursor::new(bytes);
        assert_eq!(
            read_request(&mut stream).unwrap().unwrap(),
            b"P\0\0\0\x05aB\0\0\0\x04S\0\0\0\x04"
        );
        assert_eq!(
            read_request(&mut stream).unwrap().unwrap(),
            b"Q\0\0\0\x06x\0"
        );
        assert_eq!(read_request(&mut stream).unwrap(), None);
    }
}
