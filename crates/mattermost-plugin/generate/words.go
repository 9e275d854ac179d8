package main

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed words.txt
var table string

// words are our sentences by Go's names.
type words struct {
	sentences map[string]string
	isUsed    map[string]bool
}

func readWords() (*words, error) {
	read := &words{map[string]string{}, map[string]bool{}}
	for number, line := range strings.Split(table, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, sentence, _ := strings.Cut(line, " ")
		if _, twice := read.sentences[name]; twice || sentence == "" {
			return nil, fmt.Errorf("words.txt:%d: %s has no sentence, or had one before", number+1, name)
		}
		read.sentences[name] = sentence
	}
	return read, nil
}

// of is the sentence for a name; "" where there is none.
func (w *words) of(name string) string {
	w.isUsed[name] = true
	return w.sentences[name]
}

// unused fails for sentences about what there is no more.
func (w *words) unused() error {
	for name := range w.sentences {
		if !w.isUsed[name] {
			return fmt.Errorf("words.txt speaks of %s, which there is not", name)
		}
	}
	return nil
}
