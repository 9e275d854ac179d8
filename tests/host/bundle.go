package host

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Manifest is the part of plugin.json that the tests look at.
type Manifest struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Server  struct {
		Executables map[string]string `json:"executables"`
	} `json:"server"`
	Webapp struct {
		BundlePath string `json:"bundle_path"`
	} `json:"webapp"`
}

const (
	// maxBundleFiles and maxBundleBytes bound what a broken bundle can unpack to: a real one has about twenty files.
	maxBundleFiles = 1000
	maxBundleBytes = 512 << 20
)

// Unpack unpacks a plugin's .tar.gz below folder, over what may be there from before, and reads its manifest.
func Unpack(bundle, folder string) (*Manifest, error) {
	file, err := os.Open(bundle)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return UnpackFrom(file, folder)
}

// UnpackFrom is Unpack for a bundle that is being received.
func UnpackFrom(bundle io.Reader, folder string) (*Manifest, error) {
	staging, err := os.MkdirTemp(folder, ".unpack")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(staging)
	if err := extract(bundle, staging); err != nil {
		return nil, fmt.Errorf("unpack the bundle: %w", err)
	}
	entries, err := os.ReadDir(staging)
	if err != nil {
		return nil, err
	}
	if len(entries) != 1 || !entries[0].IsDir() {
		return nil, fmt.Errorf("a bundle holds one folder, this one has %d entries", len(entries))
	}
	source := filepath.Join(staging, entries[0].Name())
	manifest, err := ReadManifest(source)
	if err != nil {
		return nil, err
	}
	target := filepath.Join(folder, manifest.ID)
	if err := os.RemoveAll(target); err != nil {
		return nil, err
	}
	return manifest, os.Rename(source, target)
}

// ReadManifest reads plugin.json in the folder.
func ReadManifest(folder string) (*Manifest, error) {
	content, err := os.ReadFile(filepath.Join(folder, "plugin.json"))
	if err != nil {
		return nil, err
	}
	manifest := &Manifest{}
	if err := json.Unmarshal(content, manifest); err != nil {
		return nil, fmt.Errorf("plugin.json: %w", err)
	}
	if manifest.ID == "" || strings.ContainsAny(manifest.ID, `/\`) {
		return nil, fmt.Errorf("plugin.json: the id %q is none", manifest.ID)
	}
	return manifest, nil
}

func extract(bundle io.Reader, target string) error {
	compressed, err := gzip.NewReader(bundle)
	if err != nil {
		return err
	}
	archive := tar.NewReader(compressed)
	var files, size int64
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		files++
		size += header.Size
		if files > maxBundleFiles || size > maxBundleBytes {
			return errors.New("larger than any real bundle")
		}
		if !filepath.IsLocal(header.Name) {
			return fmt.Errorf("%q leads out of the folder", header.Name)
		}
		path := filepath.Join(target, header.Name)
		switch header.Typeflag {
		case tar.TypeDir:
			err = os.MkdirAll(path, 0o755)
		case tar.TypeReg:
			err = writeFile(path, archive, os.FileMode(header.Mode)&0o777)
		default:
			err = fmt.Errorf("%q is neither file nor folder", header.Name)
		}
		if err != nil {
			return err
		}
	}
}

func writeFile(path string, content io.Reader, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, content); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
