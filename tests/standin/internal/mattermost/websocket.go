package mattermost

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/gorilla/websocket"
)

// hub holds the pages' WebSocket connections.
type hub struct {
	mutex       sync.Mutex
	up          bool
	connections map[*connection]bool
}

type connection struct {
	socket *websocket.Conn
	userID string
	mutex  sync.Mutex
	next   int64
}

// message is a WebSocket event as Mattermost's web clients get it.
type message struct {
	Event     string         `json:"event"`
	Data      map[string]any `json:"data"`
	Broadcast broadcast      `json:"broadcast"`
	Sequence  int64          `json:"seq"`
}

type broadcast struct {
	OmitUsers map[string]bool `json:"omit_users"`
	UserID    string          `json:"user_id"`
	ChannelID string          `json:"channel_id"`
	TeamID    string          `json:"team_id"`
}

func (c *connection) send(event string, data map[string]any, userID string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if data == nil {
		data = map[string]any{}
	}
	err := c.socket.WriteJSON(message{Event: event, Data: data, Broadcast: broadcast{UserID: userID}, Sequence: c.next})
	if err != nil {
		_ = c.socket.Close()
	}
	c.next++
}

// broadcast sends to everybody, or to one user's pages.
func (h *hub) broadcast(event string, data map[string]any, userID string) {
	h.mutex.Lock()
	var to []*connection
	for connection := range h.connections {
		if userID == "" || connection.userID == userID {
			to = append(to, connection)
		}
	}
	h.mutex.Unlock()
	for _, connection := range to {
		connection.send(event, data, userID)
	}
}

func (h *hub) add(c *connection) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if !h.up {
		return false
	}
	if h.connections == nil {
		h.connections = map[*connection]bool{}
	}
	h.connections[c] = true
	return true
}

func (h *hub) remove(c *connection) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	delete(h.connections, c)
}

// setUp lets pages connect, or drops them all and refuses them.
func (h *hub) setUp(up bool) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.up = up
	if !up {
		for connection := range h.connections {
			_ = connection.socket.Close()
		}
		h.connections = nil
	}
}

// SetWebSocket lets pages connect to the WebSocket, or drops them all and refuses them.
func (s *Server) SetWebSocket(up bool) { s.hub.setUp(up) }

// WebSocketConnections is how many pages are connected.
func (s *Server) WebSocketConnections() int {
	s.hub.mutex.Lock()
	defer s.hub.mutex.Unlock()
	return len(s.hub.connections)
}

// mayConnect judges the Origin as Mattermost does (app/server.go; 403 seen in 9.8.1 and 11.6.0).
func (s *Server) mayConnect(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	service := s.config.section("ServiceSettings")
	siteURL, _ := service["SiteURL"].(string)
	site, err := url.Parse(siteURL)
	if err != nil {
		return false
	}
	site.Path = ""
	switch allowed, _ := service["AllowCorsFrom"].(string); {
	case origin == "" || allowed == "*":
		return true
	case allowed != "":
		return slices.Contains(strings.Split(allowed+" "+site.String(), " "), origin)
	case siteURL == "":
		own, err := url.Parse(origin)
		return err == nil && strings.EqualFold(own.Host, r.Host)
	default:
		return strings.EqualFold(origin, site.String())
	}
}

func (s *Server) serveWebSocket(w http.ResponseWriter, r *http.Request) {
	user := s.userOf(r)
	if token, _ := tokenOf(r); token != "" && user == "" {
		writeError(w, http.StatusUnauthorized, "api.context.session_expired.app_error", "Invalid or expired session, please login again.")
		return
	}
	s.hub.mutex.Lock()
	up := s.hub.up
	s.hub.mutex.Unlock()
	if !up {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: s.mayConnect}
	socket, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer socket.Close()
	if user == "" {
		// A connection without a session opens too: it may still bring its token as a message (api4/websocket.go of 5.39 to 6.7).
		socket.SetReadLimit(64 << 10)
		_, _, _ = socket.ReadMessage()
		return
	}
	page := &connection{socket: socket, userID: user}
	page.send("hello", map[string]any{"server_version": versions[s.options.Generation], "connection_id": r.Header.Get("Sec-WebSocket-Key")}, user)
	if !s.hub.add(page) {
		return
	}
	defer s.hub.remove(page)
	// Pages only listen; reading is how their leaving is noticed. What they send is bounded and dropped.
	socket.SetReadLimit(64 << 10)
	for {
		if _, _, err := socket.ReadMessage(); err != nil {
			return
		}
	}
}
