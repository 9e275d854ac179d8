//! What the peer's frames do to the streams.

use super::entry::{Entry, WINDOW};
use super::frame::{ACK, FIN, Header, Kind, Part, ProtocolError, RST, SYN};
use super::table::{BACKLOG, Table};
use super::{MAX_STREAMS, MuxError};

impl Table {
    /// Takes in what was read from the socket, all of it. `true` when another task has got something to do by it.
    pub(super) fn receive(&mut self, mut bytes: &[u8]) -> Result<bool, MuxError> {
        let mut woken = false;
        while let Some(part) = self.cutter.next(&mut bytes)? {
            woken |= match part {
                Part::Frame(header, body) => self.frame(header, body)?,
                Part::More(body) => self.more(body),
            };
        }
        Ok(woken)
    }

    fn frame(&mut self, header: Header, body: &[u8]) -> Result<bool, MuxError> {
        match header.kind {
            Kind::Ping => {
                if header.has(SYN) {
                    self.outbound.control(Kind::Ping, ACK, 0, header.length);
                }
                Ok(false)
            }
            // No more than that: what was asked is still to be answered.
            Kind::GoAway if header.length == 0 => {
                self.is_leaving = true;
                Ok(super::wake_all(&mut self.openers))
            }
            Kind::GoAway => Err(MuxError::GoAway(header.length)),
            Kind::WindowUpdate | Kind::Data => {
                // Also where nobody waits for it: such a frame is none.
                if header.kind == Kind::Data && header.length > WINDOW {
                    return Err(too_large(header, WINDOW));
                }
                let woken = header.has(SYN) && self.opened(header.stream)?;
                Ok(self.stream_frame(header, body)? | woken)
            }
        }
    }

    /// The peer opens a stream.
    fn opened(&mut self, id: u32) -> Result<bool, MuxError> {
        if id == 0 || id % 2 == self.next % 2 {
            return Err(ProtocolError::WrongStream(id).into());
        }
        if self.streams.contains_key(&id) {
            return Err(ProtocolError::Duplicate(id).into());
        }
        if self.queue.len() >= self.max_queue || self.streams.len() >= MAX_STREAMS {
            tracing::warn!("a stream of the host was refused: too many wait");
            self.outbound.control(Kind::WindowUpdate, RST, id, 0);
            return Ok(false);
        }
        self.streams.insert(id, Entry::new(true));
        self.queue.push_back(id);
        Ok(super::wake(&mut self.acceptor))
    }

    fn stream_frame(&mut self, header: Header, body: &[u8]) -> Result<bool, MuxError> {
        self.receiving = 0;
        let Some(entry) = self.streams.get_mut(&header.stream) else {
            // It was on its way when the stream was closed, or refused.
            return Ok(false);
        };
        let mut woken = false;
        if !entry.answered {
            entry.answered = true;
            self.unanswered -= 1;
            if self.unanswered == BACKLOG - 1 {
                woken = super::wake_all(&mut self.openers);
            }
            if entry.dropped {
                self.streams.remove(&header.stream);
                return Ok(woken);
            }
        }
        if header.has(RST) {
            let (reader, writer) = (entry.reader.take(), entry.writer.take());
            *entry = Entry {
                reset: true,
                reader,
                writer,
                ..Entry::new(true)
            };
            return Ok(entry.wake() | woken);
        }
        if header.kind == Kind::WindowUpdate {
            entry.send_window = entry.send_window.saturating_add(header.length);
            if header.length > 0 {
                woken |= super::wake(&mut entry.writer);
            }
        } else {
            if header.length > entry.receive_window {
                return Err(too_large(header, entry.receive_window));
            }
            entry.receive_window -= header.length;
        }
        self.receiving = header.stream;
        self.is_last = header.has(FIN);
        let ends = self.is_last && self.cutter.is_whole();
        Ok(entry.take_in(body, ends) | woken)
    }

    /// A further piece of a body.
    fn more(&mut self, body: &[u8]) -> bool {
        let ends = self.is_last && self.cutter.is_whole();
        let entry = self.streams.get_mut(&self.receiving);
        entry.is_some_and(|entry| entry.take_in(body, ends))
    }
}

fn too_large(header: Header, window: u32) -> MuxError {
    let Header { stream, length, .. } = header;
    ProtocolError::TooLarge {
        stream,
        length,
        window,
    }
    .into()
}
