// Package suite is the plugin host tests: what must hold for the built bundle in every generation of Mattermost.
package suite

import (
	"os"
	"testing"
	"time"

	"notifymatters.test/host"
)

// bundleVariable names the bundle that `cargo xtask dist` made.
const bundleVariable = "NOTIFYMATTERS_BUNDLE"

// Run runs all tests in environments that open makes.
func Run(t *testing.T, open host.Opener) {
	bundle := os.Getenv(bundleVariable)
	if bundle == "" {
		t.Fatalf("%s is not set: `cargo xtask test` builds the bundle and runs these tests with it", bundleVariable)
	}
	suite := &suite{test: t.Name(), bundle: bundle, open: open}
	if folder := os.Getenv(victimVariable); folder != "" {
		suite.beVictim(t, folder)
		return
	}
	// The silent plugin is silent while the others are tested.
	silent := suite.beginSilence(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *server)
	}{
		{"it activates and says so within the three seconds that it has", itActivates},
		{"the web part is unpacked under a name that carries its hash", theWebPartIsUnpacked},
		{"what few pages load comes from the plugin itself", itServesTheWebPartsAssets},
		{"a login in a frame of another site is prepared for everybody", aLoginInAFrameOfAnotherSite},
		{"a user reads the configuration", aUserReadsTheConfiguration},
		{"without a user there is no configuration", withoutAUserThereIsNoConfiguration},
		{"other paths and methods are refused", otherPathsAndMethodsAreRefused},
		{"a changed setting is served and announced", aChangedSettingIsServedAndAnnounced},
		{"a setting that means the same is not announced", aSettingThatMeansTheSameIsNotAnnounced},
		{"a changed grant is served and announced, and a wrong one is named in the log", aChangedGrantIsServedAndAnnounced},
		{"settings stored by the old plugin work", settingsStoredByTheOldPluginWork},
		{"of two spellings of the setting's key the System Console's counts, and the log names the other", ofTwoSpellingsTheConsolesCounts},
		{"a setting that changed while it was dead is announced after the restart", aChangeWhileItWasDeadIsAnnounced},
		{"a malformed origin is named in the log and the others work", aMalformedOriginIsNamedInTheLog},
		{"settings that are no text or huge do no harm", strangeSettingsDoNoHarm},
		{"a wrong setting is refused on saving, and only what is new", aWrongSettingIsRefusedOnSaving},
		{"deeply nested settings of another plugin do no harm", deeplyNestedSettingsDoNoHarm},
		{"whatever bytes a client sends it is answered, and the log stays empty", whateverBytesComeItAnswers},
		{"only administrators read the diagnostics", onlyAdministratorsReadTheDiagnostics},
		{"the health check passes", theHealthCheckPasses},
		{"2,000 requests at once are all answered", manyRequestsAtOnce},
		{"300 and 6,000 requests at once are all answered in little memory", burstsAreAnswered},
		{"a body of 20 MB that nobody reads is not kept", largeBodiesAreNotKept},
		{"activated and deactivated at once it works", activatedAndDeactivatedAtOnce},
		{"a hook answers while another call of it hangs, whose late answer changes nothing", aHookAnswersWhileAnotherCallHangs},
		{"an API that does not answer changes nothing and is asked again", anAPIThatDoesNotAnswerIsAskedAgain},
		{"settings that could not be read at the start refuse no save, and are asked for again", settingsUnreadAtTheStart},
		{"a slow API slows nobody else", theServersAPIIsSlow},
		{"it can be stopped while the server's API never answers", itStopsWhileTheServersAPINeverAnswers},
		{"killed with -9 it is restarted by the server", killedItIsRestarted},
		{"deactivated and activated again it works", deactivatedAndActivatedAgain},
		{"stopped it leaves no process and no socket file", stoppedItLeavesNothing},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, suite.start(t)) })
	}
	t.Run("example plugins", suite.runExamples)
	t.Run("bytes that are no frame end it", suite.bytesThatAreNoFrame)
	t.Run("a frame that lies about its length ends it", suite.aFrameThatLiesAboutItsLength)
	t.Run("a message that is no gob ends it", suite.aMessageThatIsNoGob)
	t.Run("where the temporary folder takes no socket it lies in another", suite.anotherPlaceForItsSocket)
	t.Run("without the cookie it explains itself", suite.withoutTheCookieItExplainsItself)
	t.Run("it ends within a second when the server's process dies", suite.itEndsWithTheServer)
	t.Run("silent for 90 seconds it answers as before", func(t *testing.T) { silent.end(t) })
}

type suite struct {
	// test is the name of the top-level test, to run this binary again as the server that is killed.
	test   string
	bundle string
	open   host.Opener
}

// silence is longer than yamux's StreamOpenTimeout of 75 seconds, after which the server closes the whole
// connection if a stream was never acknowledged.
const silence = 90 * time.Second
