// Command bench measures one plugin in Mattermost's own plugin environment, from outside the plugin's process.
//
//	bench figures BUNDLE [-requests N] [-burst N]   prints one JSON line with all figures
//	bench soak BUNDLE [-requests N] [-every N]      prints a JSON line at the start and after each interval
//
// It reads /proc: Linux only. `cargo xtask bench server` runs it and says what the figures mean.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		// os.Stderr belongs to the log by now.
		fmt.Println(encoded(map[string]string{"error": err.Error()}))
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) < 2 {
		return fmt.Errorf("usage: bench figures|soak BUNDLE [flags]")
	}
	flags := flag.NewFlagSet(arguments[0], flag.ContinueOnError)
	requests := flags.Int("requests", 20_000, "how many requests the callers make")
	burst := flags.Int("burst", 6_000, "how many requests come at once")
	every := flags.Int("every", 50_000, "after how many requests the soak looks at the memory")
	if err := flags.Parse(arguments[2:]); err != nil {
		return err
	}
	subject, err := prepare(arguments[1])
	if err != nil {
		return err
	}
	defer subject.remove()
	switch arguments[0] {
	case "figures":
		return printFigures(subject, *requests, *burst)
	case "soak":
		return soak(subject, *requests, *every)
	default:
		return fmt.Errorf("%q is neither figures nor soak", arguments[0])
	}
}

// encoded is the value as one line of JSON.
func encoded(value any) string {
	line, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(line)
}
