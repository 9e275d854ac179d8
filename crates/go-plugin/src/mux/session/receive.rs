//! What the peer's frames do to a session.

use super::stream_state::{INITIAL_WINDOW, StreamState};
use super::{ACCEPT_BACKLOG, Session};
use crate::mux::frame::{ACK, FIN, FramePart, Header, Kind, ProtocolError, RST, SYN};
use crate::mux::{MAX_STREAMS, MuxError, wake, wake_all};

impl Session {
    /// Receives all of what was read from the socket. `true` when that has woken a task.
    pub(in crate::mux) fn receive(&mut self, mut bytes: &[u8]) -> Result<bool, MuxError> {
        let mut woken = false;
        while let Some(part) = self.frames.read_frame(&mut bytes)? {
            woken |= match part {
                FramePart::Begin(header, body) => self.frame(header, body)?,
                FramePart::More(body) => self.more(body),
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
            // The ordinary end: the streams that are open go on, and calls on them are still to be answered.
            Kind::GoAway if header.length == 0 => {
                self.remote_go_away = true;
                Ok(wake_all(&mut self.openers))
            }
            Kind::GoAway => Err(MuxError::GoAway(header.length)),
            Kind::WindowUpdate | Kind::Data => {
                // No window is ever larger, so this holds for streams that are closed already, too.
                if header.kind == Kind::Data && header.length > INITIAL_WINDOW {
                    return Err(too_large(header, INITIAL_WINDOW));
                }
                let woken = header.has(SYN) && self.incoming_stream(header.stream)?;
                Ok(self.stream_frame(header, body)? | woken)
            }
        }
    }

    /// The peer opens a stream.
    fn incoming_stream(&mut self, id: u32) -> Result<bool, MuxError> {
        if id == 0 || id % 2 == self.next_id % 2 {
            return Err(ProtocolError::WrongStream(id).into());
        }
        if self.streams.contains_key(&id) {
            return Err(ProtocolError::Duplicate(id).into());
        }
        if self.accept_queue.len() >= self.accept_backlog || self.streams.len() >= MAX_STREAMS {
            tracing::warn!("a stream of the host was refused: too many wait to be accepted");
            self.outbound.control(Kind::WindowUpdate, RST, id, 0);
            return Ok(false);
        }
        self.streams.insert(id, StreamState::new(true));
        self.accept_queue.push_back(id);
        Ok(wake(&mut self.acceptor))
    }

    fn stream_frame(&mut self, header: Header, body: &[u8]) -> Result<bool, MuxError> {
        self.receiving = 0;
        let Some(stream) = self.streams.get_mut(&header.stream) else {
            // The stream was closed or refused while the frame was on its way.
            return Ok(false);
        };
        let mut woken = false;
        if !stream.acknowledged {
            stream.acknowledged = true;
            self.inflight -= 1;
            if self.inflight == ACCEPT_BACKLOG - 1 {
                woken = wake_all(&mut self.openers);
            }
            if stream.local_closed {
                self.streams.remove(&header.stream);
                return Ok(woken);
            }
        }
        if header.has(RST) {
            let (reader, writer) = (stream.reader.take(), stream.writer.take());
            *stream = StreamState {
                reset: true,
                reader,
                writer,
                ..StreamState::new(true)
            };
            return Ok(stream.wake() | woken);
        }
        if header.kind == Kind::WindowUpdate {
            stream.send_window = stream.send_window.saturating_add(header.length);
            if header.length > 0 {
                woken |= wake(&mut stream.writer);
            }
        } else {
            if header.length > stream.recv_window {
                return Err(too_large(header, stream.recv_window));
            }
            stream.recv_window -= header.length;
        }
        self.receiving = header.stream;
        self.receiving_fin = header.has(FIN);
        let fin = self.receiving_fin && self.frames.is_complete();
        Ok(stream.receive(body, fin) | woken)
    }

    /// The body of the last frame goes on.
    fn more(&mut self, body: &[u8]) -> bool {
        let fin = self.receiving_fin && self.frames.is_complete();
        let stream = self.streams.get_mut(&self.receiving);
        stream.is_some_and(|stream| stream.receive(body, fin))
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
