package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Event is a WebSocket event that the plugin published.
type Event struct {
	// Name as web clients see it: custom_<plugin>_<event>.
	Name    string
	Payload map[string]any
	// UserID is the one user whom it is for; "" means everybody.
	UserID string
}

// User is somebody whom the server knows.
type User struct {
	ID, Name string
	Admin    bool
}

// Post is a message.
type Post struct {
	ID, RootID, ChannelID, UserID, Message string
	// Buttons are those below the message, one a line: its text, where it leads, what it carries.
	Buttons string
}

// World is what a plugin can see of the server around it, and what the tests do to it.
type World struct {
	Log *Log

	mutex      sync.Mutex
	settings   map[string]any
	events     []Event
	publish    func(Event)
	interfere  func(method string) error
	users      []User
	values     map[string][]byte
	commands   []string
	posts      []Post
	configured map[string]any
}

// NewWorld returns a world in which nobody has configured anything.
func NewWorld(log *Log) *World {
	return &World{Log: log, values: map[string][]byte{}, settings: map[string]any{}}
}

// SetSettings replaces the plugin's stored settings, PluginSettings.Plugins[<id>]. The plugin is not told.
func (w *World) SetSettings(settings map[string]any) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.settings = settings
}

// Settings returns the stored settings.
func (w *World) Settings() map[string]any {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.settings
}

// SetConfiguration sets what GetConfig returns, as the JSON of parts of a model.Config.
func (w *World) SetConfiguration(configuration map[string]any) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.configured = configuration
}

// Configuration returns what SetConfiguration set.
func (w *World) Configuration() map[string]any {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.configured
}

// OnPublish calls back for each event that the plugin publishes.
func (w *World) OnPublish(publish func(Event)) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.publish = publish
}

// Interfere runs before each API call of the plugin: it may delay it, or make it fail where the method can fail.
func (w *World) Interfere(interfere func(method string) error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.interfere = interfere
}

// Enter is called by the adapters at the beginning of each API method.
func (w *World) Enter(method string) error {
	w.mutex.Lock()
	interfere := w.interfere
	w.mutex.Unlock()
	if interfere == nil {
		return nil
	}
	return interfere(method)
}

// Events returns the events published so far.
func (w *World) Events() []Event {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return append([]Event(nil), w.events...)
}

// AddUser makes a user known.
func (w *World) AddUser(user User) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.users = append(w.users, user)
}

// User looks one up by id.
func (w *World) User(id string) (User, bool) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for _, user := range w.users {
		if user.ID == id {
			return user, true
		}
	}
	return User{}, false
}

// PluginConfiguration is what the server's LoadPluginConfiguration hands out: the manifest's defaults, then the
// stored settings over them, all keys in lower case (seen in Mattermost 5.39 to 11.6). Of two spellings of one key
// it is the one that Go's map comes to last, another one each time.
func (w *World) PluginConfiguration(defaults map[string]any) map[string]any {
	merged := map[string]any{}
	for key, value := range defaults {
		merged[strings.ToLower(key)] = value
	}
	for key, value := range w.Settings() {
		merged[strings.ToLower(key)] = value
	}
	return merged
}

// Publish records an event of the plugin and hands it on.
func (w *World) Publish(plugin, event string, payload map[string]any, userID string) {
	published := Event{Name: fmt.Sprintf("custom_%s_%s", plugin, event), Payload: payload, UserID: userID}
	w.mutex.Lock()
	w.events = append(w.events, published)
	publish := w.publish
	w.mutex.Unlock()
	if publish != nil {
		publish(published)
	}
}

// LogPlugin records what the plugin logged through the API, in the shape of Mattermost's JSON log.
func (w *World) LogPlugin(plugin, level, message string, pairs []any) {
	line := map[string]any{
		"level": level, "msg": message, "plugin_id": plugin, "timestamp": time.Now().UTC().Format(time.RFC3339Nano),
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		line[fmt.Sprint(pairs[i])] = fmt.Sprint(pairs[i+1])
	}
	encoded, err := json.Marshal(line)
	if err != nil {
		encoded = []byte(message)
	}
	w.Log.Line(string(encoded))
}

// SetValue is the key-value store's; a nil value deletes.
func (w *World) SetValue(key string, value []byte) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if value == nil {
		delete(w.values, key)
		return
	}
	w.values[key] = append([]byte(nil), value...)
}

// ReplaceValue stores a value if the old one still stands there (nothing: nil), and says whether it did; a nil value deletes.
func (w *World) ReplaceValue(key string, old, value []byte) bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if !bytes.Equal(w.values[key], old) {
		return false
	}
	if value == nil {
		delete(w.values, key)
	} else {
		w.values[key] = append([]byte(nil), value...)
	}
	return true
}

// Value reads the key-value store; nil where nothing is stored.
func (w *World) Value(key string) []byte {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.values[key]
}

// Keys are those of the key-value store, sorted.
func (w *World) Keys() []string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return slices.Sorted(maps.Keys(w.values))
}

// AddPost records a message of the plugin's.
// It returns the post's id: post1, post2 and so on.
func (w *World) AddPost(post Post) string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	post.ID = fmt.Sprintf("post%d", len(w.posts)+1)
	w.posts = append(w.posts, post)
	return post.ID
}

// ReplacePost records that the plugin has changed a message.
func (w *World) ReplacePost(post Post) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for index := range w.posts {
		if w.posts[index].ID == post.ID {
			w.posts[index] = post
		}
	}
}

// Posts are the messages that the plugin has posted so far.
func (w *World) Posts() []Post {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return slices.Clone(w.posts)
}

// WaitForPosts waits until there are so many, and returns those that there are.
func (w *World) WaitForPosts(count int, patience time.Duration) []Post {
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if posts := w.Posts(); len(posts) >= count || time.Now().After(deadline) {
			return posts
		}
	}
}

// AddCommand records a slash command that the plugin registered.
func (w *World) AddCommand(trigger string) error {
	if trigger == "" {
		return errors.New("a command needs a trigger")
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.commands = append(w.commands, trigger)
	return nil
}

// Commands are the triggers registered so far.
func (w *World) Commands() []string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return append([]string(nil), w.commands...)
}
