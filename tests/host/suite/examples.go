package suite

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"notifymatters.test/host"
)

// examplesVariable names the folder with the SDK's example plugins, built.
const examplesVariable = "NOTIFYMATTERS_EXAMPLES"

// runExamples runs the tests of the SDK's example plugins; without them it says so and passes.
func (s *suite) runExamples(t *testing.T) {
	folder := os.Getenv(examplesVariable)
	if folder == "" {
		t.Skipf("%s is not set: `cargo xtask test` builds the example plugins", examplesVariable)
	}
	for _, test := range []struct {
		name, example string
		run           func(*testing.T, *server)
	}{
		{"20 MB go back to the client in little memory", "probe", largeAnswersAreNotKept},
		{"20 MB come and go back at once in little memory", "probe", largeBodiesGoBothWays},
		{"a client that reads slowly holds up nobody", "probe", aSlowClientHoldsUpNobody},
		{"a client that leaves ends its answer", "probe", aClientThatLeavesEndsItsAnswer},
		{"what is sent piece by piece arrives piece by piece", "probe", piecesAreFlushed},
		{"behind a real web server its answers end as HTTP wants them", "probe", answersEndAsHTTPWantsThem},
		{"whatever bytes a client sends it is answered", "probe", whateverBytesComeTheProbeAnswers},
		{"what is too large for a handler is refused", "probe", whatIsTooLargeIsRefused},
		{"a body that fails midway is not taken for a whole one", "probe", aBodyThatFailsMidwayIsNotTakenForAWholeOne},
		{"aborted uploads hold up nobody", "probe", abortedUploadsHoldUpNobody},
		{"a server's answer that is nested too deeply is an error of its call", "probe", anAnswerNestedTooDeeplyIsAnError},
		{"a handler that panics is a 500 and a line in the log", "probe", aHandlerPanics},
		{"an API method that the server does not know is an error of that call", "probe", anUnknownMethodIsAnError},
		{"every hook is given what the server has, and answers what the plugin has", host.MirrorID, everyHookArrivesWhole},
		{"every API method takes and gives what it should, and an unknown one says so", host.MirrorID, everyMethodArrivesWhole},
		{"a slash command is registered and answered", "notebook", aSlashCommandIsAnswered},
		{"a page shows what the key-value store holds", "notebook", aPageShowsTheStore},
		{"notes written at once are all kept", "notebook", notesWrittenAtOnceAreKept},
		{"a store that fails is an error that the user can read", "notebook", aFailingStoreIsTold},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.run(t, s.startAny(t, func(plugins string) (*host.Manifest, error) {
				return installExample(filepath.Join(folder, test.example), plugins)
			}))
		})
	}
	t.Run("a plugin made from the template is activated, answers its command and serves its page", func(t *testing.T) {
		if machine := runtime.GOOS + "-" + runtime.GOARCH; machine != templateMachine {
			t.Skipf("the template's manifest names %s, and this is %s", templateMachine, machine)
		}
		aPluginFromTheTemplateWorks(t, s.startAny(t, func(plugins string) (*host.Manifest, error) {
			return installTemplate(filepath.Join(folder, "template"), plugins)
		}))
	})
	t.Run("a bot answers who speaks to it, in a thread", func(t *testing.T) {
		s.runBot(t, filepath.Join(folder, "bot"), aBotAnswers)
	})
	t.Run("a scheduled job sends what is due, also after a restart", func(t *testing.T) {
		s.runBot(t, filepath.Join(folder, "reminder"), aReminderComes)
	})
	t.Run("a bot's buttons arrive, their clicks count and change its post", func(t *testing.T) {
		s.runBot(t, filepath.Join(folder, "poll"), aPollCounts)
	})
	t.Run("an error of the activation is told as it is", func(t *testing.T) {
		s.anErrorOfTheActivationIsTold(t, filepath.Join(folder, "probe"))
	})
}

// installExample puts an executable into a folder of plugins, as a plugin named like it.
func installExample(executable, plugins string) (*host.Manifest, error) {
	id := filepath.Base(executable)
	folder := filepath.Join(plugins, id)
	if err := os.Mkdir(folder, 0o755); err != nil {
		return nil, err
	}
	// Not host.Manifest: it would write an empty web part, which is another thing than none.
	content, err := json.Marshal(map[string]any{
		"id": id, "name": id, "version": "1.0.0",
		"server": map[string]any{"executables": map[string]string{runtime.GOOS + "-" + runtime.GOARCH: "plugin"}},
	})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(folder, "plugin.json"), content, 0o644); err != nil {
		return nil, err
	}
	if err := copyExecutable(executable, filepath.Join(folder, "plugin")); err != nil {
		return nil, err
	}
	return host.ReadManifest(folder)
}

func copyExecutable(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		target.Close()
		return err
	}
	return target.Close()
}
