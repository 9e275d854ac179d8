package mattermost

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"
)

// Mention is a post in which somebody is mentioned.
type Mention struct {
	// User is who is mentioned, From who writes; login names.
	User string `json:"user"`
	From string `json:"from"`
	// Channel is a name from Channels.
	Channel string `json:"channel"`
	// Title and Body are what the page notifies with; where they are empty, the page makes them from the post as
	// Mattermost does: the channel's name and "@from: message".
	Title   string `json:"title"`
	Body    string `json:"body"`
	Message string `json:"message"`
	// Silent and RequireInteraction go into the notification's options.
	Silent             bool `json:"silent"`
	RequireInteraction bool `json:"require_interaction"`
}

// Channels are those that the page shows, by name.
var Channels = map[string]string{"town-square": "Town Square", "design": "Design", "support": "Support"}

// Mention posts, and so makes the pages of the mentioned user notify.
func (s *Server) Mention(mention Mention) error {
	if mention.User == "" {
		mention.User = DefaultUser
	}
	if mention.From == "" {
		mention.From = "ben"
	}
	if mention.Channel == "" {
		mention.Channel = "design"
	}
	if mention.Message == "" {
		mention.Message = "@" + mention.User + " have you seen this?"
	}
	user, known := s.userNamed(mention.User)
	from, alsoKnown := s.userNamed(mention.From)
	display, exists := Channels[mention.Channel]
	if !known || !alsoKnown || !exists {
		return fmt.Errorf("no such user or channel: %q, %q, %q", mention.User, mention.From, mention.Channel)
	}
	post, err := json.Marshal(map[string]any{
		"id": rand.Text(), "create_at": time.Now().UnixMilli(), "user_id": from.ID, "channel_id": mention.Channel,
		"message": mention.Message,
		"props": map[string]any{
			"title": mention.Title, "body": mention.Body, "silent": mention.Silent, "require_interaction": mention.RequireInteraction,
		},
	})
	if err != nil {
		return err
	}
	mentions, err := json.Marshal([]string{user.ID})
	if err != nil {
		return err
	}
	// Post and mentions travel as JSON in strings, as in Mattermost's "posted" event.
	s.hub.broadcast("posted", map[string]any{
		"channel_display_name": display, "channel_name": mention.Channel, "channel_type": "O",
		"sender_name": "@" + from.Name, "mentions": string(mentions), "post": string(post),
	}, "")
	return nil
}
