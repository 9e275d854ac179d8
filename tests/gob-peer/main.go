// Command gob-peer is the other end of the gob crate's tests: Go's own encoder and decoder.
//
//	gob-peer make  SEED COUNT   streams of random types and values, each with a description
//	gob-peer check SEED COUNT   reads the same streams as the crate wrote them, and compares
//	gob-peer echo               decodes known types and encodes them again
//	gob-peer golden FOLDER      writes the files that the crate's tests read
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gob-peer:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	switch {
	case len(arguments) == 3 && (arguments[0] == "make" || arguments[0] == "check"):
		seed, err := strconv.ParseUint(arguments[1], 10, 64)
		if err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		count, err := strconv.Atoi(arguments[2])
		if err != nil {
			return fmt.Errorf("count: %w", err)
		}
		if arguments[0] == "make" {
			return makeStreams(seed, count, output)
		}
		return checkStreams(seed, count, os.Stdin, output)
	case len(arguments) == 1 && arguments[0] == "echo":
		return echo(os.Stdin, output)
	case len(arguments) == 2 && arguments[0] == "golden":
		return writeGolden(arguments[1])
	default:
		return fmt.Errorf("usage: gob-peer make|check SEED COUNT, gob-peer echo, gob-peer golden FOLDER")
	}
}
