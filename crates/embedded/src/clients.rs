//! Several clients, one session: each has its turn until its transaction is over.
//!
//! A single-user backend has one session. Between turns the next client's user and settings are put in
//! force; prepared statements have their client's number in their names. Temporary tables, advisory
//! locks and what SQL calls PREPARE are everybody's, and a setting that only an application knows
//! (`app.tenant`) holds until another client's turn, unless it is one of the transaction.

use crate::serve::{Server, end};
use crate::wire::{self, Opening};
use oliphaunt_wasix::session::{ProtocolSession, startup_error_response_output};
use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::Sender;

/// What the engine's thread is told.
pub(crate) enum Said {
    /// Somebody wants to log in.
    Hello {
        id: u64,
        stream: UnixStream,
        packet: Vec<u8>,
        user: String,
        database: String,
    },
    /// Messages up to one that wants an answer.
    Request { id: u64, bytes: Vec<u8> },
    /// A client has gone.
    Bye { id: u64 },
    /// The parent has gone.
    Over,
}

/// Tells what a client says until it goes away.
pub(crate) fn listen_to(mut stream: UnixStream, id: u64, tell: &Sender<Said>) {
    let Ok(Opening::Startup {
        packet,
        user,
        database,
    }) = wire::open(&mut stream)
    else {
        return;
    };
    let Ok(answers) = stream.try_clone() else {
        return;
    };
    let hello = Said::Hello {
        id,
        stream: answers,
        packet,
        user,
        database,
    };
    if tell.send(hello).is_err() {
        return;
    }
    while let Ok(Some(bytes)) = wire::read_request(&mut stream) {
        if tell.send(Said::Request { id, bytes }).is_err() {
            return;
        }
    }
    let _ = tell.send(Said::Bye { id });
}

/// Everybody who is there.
#[derive(Default)]
pub(crate) struct Clients {
    all: BTreeMap<u64, Client>,
    open: Option<Open>,
    /// Who had the last turn: the others come first.
    last: u64,
}

struct Client {
    stream: UnixStream,
    user: String,
    database: String,
    /// Its login, as long as it waits to be let in.
    packet: Option<Vec<u8>>,
    waiting: VecDeque<Vec<u8>>,
    /// Its settings, by name, while another one has its turn.
    settings: Vec<(String, String)>,
    gone: bool,
}

/// The session that they share.
struct Open {
    session: ProtocolSession,
    database: String,
    /// What the first one was told when it logged in.
    greeting: Vec<u8>,
    /// Whose user and settings are in force.
    now: Option<u64>,
    /// Whether its transaction or answer is still open.
    busy: bool,
}

impl Clients {
    pub(crate) fn hear(&mut self, said: Said) {
        match said {
            Said::Hello {
                id,
                stream,
                packet,
                user,
                database,
            } => {
                let client = Client {
                    stream,
                    user,
                    database,
                    packet: Some(packet),
                    waiting: VecDeque::new(),
                    settings: Vec::new(),
                    gone: false,
                };
                self.all.insert(id, client);
            }
            Said::Request { id, bytes } => {
                if let Some(client) = self.all.get_mut(&id) {
                    client.waiting.push_back(bytes);
                }
            }
            Said::Bye { id } => {
                if let Some(client) = self.all.get_mut(&id) {
                    client.gone = true;
                }
            }
            Said::Over => {}
        }
    }

    /// Does one thing that can be done now; false where there is none.
    pub(crate) fn serve_one(&mut self, server: &mut Server) -> bool {
        let Some(id) = self.next() else {
            return false;
        };
        self.last = id;
        let client = &self.all[&id];
        if client.packet.is_some() && !client.gone {
            self.let_in(id, server);
        } else if client.waiting.is_empty() {
            self.see_off(id);
        } else {
            self.answer(id);
        }
        true
    }

    /// Ends the session with everybody in it.
    pub(crate) fn end(self) {
        for client in self.all.values() {
            let _ = client.stream.shutdown(Shutdown::Both);
        }
        if let Some(open) = self.open {
            end(open.session);
        }
    }

    /// Whose turn it is, among those who want something.
    fn next(&self) -> Option<u64> {
        let open = self.open.as_ref();
        if let Some(open) = open.filter(|open| open.busy) {
            let now = open.now?;
            return self.all[&now].wants().then_some(now);
        }
        let can = |client: &Client| match &client.packet {
            // One session, one database: for another one it has to be empty first.
            Some(_) => client.gone || open.is_none_or(|open| open.database == client.database),
            None => client.wants(),
        };
        let after = self.all.range(self.last + 1..);
        let mut round = after.chain(self.all.range(..=self.last));
        round.find(|(_, client)| can(client)).map(|(id, _)| *id)
    }

    fn let_in(&mut self, id: u64, server: &mut Server) {
        let Some(client) = self.all.get_mut(&id) else {
            return;
        };
        let packet = client.packet.take().unwrap_or_default();
        if self.open.is_some() {
            let told = match self.turn(id) {
                Ok(()) => self.open.as_ref().map(|open| open.greeting.clone()),
                Err(said) => Some(said),
            };
            let is_in = self.open.as_ref().and_then(|open| open.now) == Some(id);
            self.tell(id, &told.unwrap_or_default());
            if !is_in {
                self.forget(id);
            }
            return;
        }
        let mut session = match server.session(&client.user, &client.database) {
            Ok(session) => session,
            Err(error) => {
                self.tell(id, &wire::fatal("XX000", &error));
                return self.forget(id);
            }
        };
        let (greeting, accepted) = match session.startup_with_packet(&packet) {
            Ok(response) => (response.output, response.accepted),
            Err(error) => {
                let said = startup_error_response_output(&error).map_or_else(
                    || wire::fatal("XX000", &format!("{error:#}")),
                    <[u8]>::to_vec,
                );
                (said, false)
            }
        };
        let database = client.database.clone();
        self.tell(id, &greeting);
        if !accepted {
            end(session);
            return self.forget(id);
        }
        self.open = Some(Open {
            session,
            database,
            greeting,
            now: Some(id),
            busy: false,
        });
    }

    fn answer(&mut self, id: u64) {
        if let Err(said) = self.turn(id) {
            self.tell(id, &said);
            return self.forget(id);
        }
        let (Some(client), Some(open)) = (self.all.get_mut(&id), &mut self.open) else {
            return;
        };
        let request = client.waiting.pop_front().unwrap_or_default();
        let request = wire::with_statements_of(&format!("{id}_"), &request);
        match open.session.send_buffered(&request) {
            Ok(response) => {
                open.busy = wire::is_open_after(&response);
                if client.stream.write_all(&response).is_err() {
                    client.gone = true;
                    client.waiting.clear();
                }
            }
            Err(error) => {
                open.busy = false;
                let said = format!("the embedded Postgres has crashed: {error:#}");
                self.tell(id, &wire::fatal("XX000", &said));
                self.send_away();
            }
        }
    }

    /// Nobody's session goes on in one that has crashed.
    fn send_away(&mut self) {
        for client in self.all.values_mut().filter(|one| one.packet.is_none()) {
            let _ = client.stream.shutdown(Shutdown::Both);
            client.gone = true;
            client.waiting.clear();
        }
    }

    /// Puts a client's user and settings in force; what to tell it where that fails.
    fn turn(&mut self, id: u64) -> Result<(), Vec<u8>> {
        let Some(open) = self.open.as_mut().filter(|open| open.now != Some(id)) else {
            return Ok(());
        };
        if let Some(before) = open.now.take().and_then(|now| self.all.get_mut(&now)) {
            let response = open.session.send_buffered(&wire::query(SETTINGS));
            let rows = response.map(|response| wire::rows(&response));
            let pairs = rows.unwrap_or_default().into_iter();
            before.settings = pairs
                .filter_map(|row| {
                    let mut row = row.into_iter();
                    Some((row.next()?, row.next()?))
                })
                .collect();
        }
        let client = &self.all[&id];
        let mut sql = format!(
            "SET SESSION AUTHORIZATION postgres; RESET ALL; SET SESSION AUTHORIZATION {}",
            quoted(&client.user, '"')
        );
        for (name, value) in &client.settings {
            let (name, value) = (quoted(name, '\''), quoted(value, '\''));
            sql += &format!("; SELECT pg_catalog.set_config({name}, {value}, false)");
        }
        let response = open.session.send_buffered(&wire::query(&sql));
        let response = response.map_err(|error| wire::fatal("XX000", &format!("{error:#}")))?;
        if wire::messages(&response).any(|(kind, _)| kind == b'E') {
            let user = &client.user;
            return Err(wire::fatal(
                "28000",
                &format!("role \"{user}\" does not exist"),
            ));
        }
        open.now = Some(id);
        Ok(())
    }

    /// One that has gone: what it left open is rolled back, and the last one takes the session along.
    fn see_off(&mut self, id: u64) {
        if let Some(open) = self.open.as_mut().filter(|open| open.now == Some(id)) {
            if open.busy {
                let _ = open.session.send_buffered(&wire::query("ROLLBACK"));
                open.busy = false;
            }
            open.now = None;
        }
        self.forget(id);
    }

    fn forget(&mut self, id: u64) {
        if let Some(client) = self.all.remove(&id) {
            let _ = client.stream.shutdown(Shutdown::Both);
        }
        let is_used = self.all.values().any(|client| client.packet.is_none());
        if let Some(open) = self.open.take_if(|_| !is_used) {
            end(open.session);
        }
    }

    fn tell(&mut self, id: u64, bytes: &[u8]) {
        if let Some(client) = self.all.get_mut(&id) {
            let _ = client.stream.write_all(bytes);
        }
    }
}

impl Client {
    fn wants(&self) -> bool {
        self.gone || !self.waiting.is_empty()
    }
}

/// What a session has set, its role last of all.
const SETTINGS: &str = "SELECT name, pg_catalog.current_setting(name) \
     FROM pg_catalog.pg_settings WHERE source = 'session' \
     UNION ALL SELECT 'role', pg_catalog.current_setting('role') \
     WHERE pg_catalog.current_setting('role') <> 'none'";

fn quoted(text: &str, quote: char) -> String {
    let doubled = text.replace(quote, &format!("{quote}{quote}"));
    format!("{quote}{doubled}{quote}")
}
