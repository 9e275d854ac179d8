package main

import "errors"

type label string

type blob []byte

type pair struct {
	A int
	B string
}

// node contains itself by a pointer.
type node struct {
	Value int
	Next  *node
}

// tree contains itself by a slice, a map and an interface.
type tree struct {
	Name     string
	Children []tree
	Index    map[string]*tree
	Any      any
}

// nest is made of nothing but itself.
type nest []nest

// forest is a map that contains itself.
type forest map[string]forest

// left and right contain each other.
type left struct {
	Right *right
	L     uint
}

type right struct {
	Left []left
	R    string
}

// hidden has fields that are not sent.
type hidden struct {
	secret int
	Open   string
	Wait   chan int
	Call   func()
}

// outer embeds a struct, which is sent as a field of its name.
type outer struct {
	pair
	Inner
	C bool
}

// Inner is embedded.
type Inner struct {
	D float64
}

type fromGob struct{ text string }

func (f fromGob) GobEncode() ([]byte, error) { return []byte("gob:" + f.text), nil }

func (f *fromGob) GobDecode(data []byte) error {
	if len(data) < 4 || string(data[:4]) != "gob:" {
		return errors.New("no fromGob")
	}
	f.text = string(data[4:])
	return nil
}

type fromBinary struct{ text string }

func (f fromBinary) MarshalBinary() ([]byte, error) { return []byte(f.text), nil }

func (f *fromBinary) UnmarshalBinary(data []byte) error {
	f.text = string(data)
	return nil
}

// fromText is sent as a struct: Go's encoder does not use MarshalText.
type fromText struct{ Text string }

func (f fromText) MarshalText() ([]byte, error) { return []byte(f.Text), nil }

func (f *fromText) UnmarshalText(data []byte) error {
	f.Text = string(data)
	return nil
}
