// Command standin is a stand-in Mattermost with pages that embed it, for the browser tests and the demo.
//
// It listens on loopback only and ends on SIGINT, SIGTERM, or when its standard input is closed.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"notifymatters.test/host"
	"notifymatters.test/standin/internal/control"
	"notifymatters.test/standin/internal/hostpage"
	"notifymatters.test/standin/internal/mattermost"
)

type arguments struct {
	bundle, subpath, trustedOrigin, listen, react, hostPackage string
	generation                                                 int
	demo, verbose, https                                       bool
}

func main() {
	var given arguments
	flag.StringVar(&given.bundle, "bundle", "", "the plugin's .tar.gz")
	flag.StringVar(&given.subpath, "subpath", "", "where the Mattermost lies on its host, for example /chat")
	flag.StringVar(&given.trustedOrigin, "trusted-origin", "http://"+hostpage.TrustedHost+":{port}",
		"the plugin's setting at the start; {port} becomes the port in use")
	flag.BoolVar(&given.https, "https", false, "serve all pages by https, with a certificate that nobody has signed")
	flag.StringVar(&given.listen, "listen", "127.0.0.1:0", "address to listen on, loopback")
	flag.StringVar(&given.react, "react", "", "the npm packages of the System Console's page; without them there is none")
	flag.StringVar(&given.hostPackage, "host-package", "host", "the folder of the host package, built")
	flag.IntVar(&given.generation, "generation", 11, "9, 10 or 11: how the page notifies and loads plugins")
	flag.BoolVar(&given.demo, "demo", false, "serve the demo's pages and print the one address to open")
	flag.BoolVar(&given.verbose, "verbose", false, "copy the server's log to standard error")
	flag.Parse()
	if err := run(given); err != nil {
		fmt.Fprintln(os.Stderr, "standin:", err)
		os.Exit(1)
	}
}

func run(given arguments) (failure error) {
	if given.bundle == "" {
		return errors.New("--bundle is missing")
	}
	if given.subpath != "" && (!strings.HasPrefix(given.subpath, "/") || strings.HasSuffix(given.subpath, "/")) {
		return fmt.Errorf("--subpath %q must begin with a slash and not end with one", given.subpath)
	}
	folder, err := os.MkdirTemp("", "standin-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	pages, err := listen(given.listen)
	if err != nil {
		return err
	}
	defer pages.Close()
	port := strconv.Itoa(pages.Addr().(*net.TCPAddr).Port)
	scheme := "http"
	if given.https {
		scheme = "https"
		if pages, err = withTLS(pages); err != nil {
			return err
		}
	}

	var tee io.Writer
	if given.verbose {
		tee = os.Stderr
	}
	server, err := mattermost.New(mattermost.Options{
		SiteURL:        scheme + "://" + hostpage.ChatHost + ":" + port,
		Subpath:        given.subpath,
		Generation:     given.generation,
		Bundle:         given.bundle,
		TrustedOrigin:  strings.ReplaceAll(given.trustedOrigin, "{port}", port),
		Folder:         folder,
		AlwaysLoggedIn: given.demo,
		React:          given.react,
		Log:            host.NewLog(tee),
	})
	if err != nil {
		return err
	}
	defer server.Close()

	var demo *hostpage.Demo
	if given.demo {
		demo = &hostpage.Demo{Server: server, Origin: "http://" + hostpage.TrustedHost + ":" + port}
		demo.Trust(true)
	}
	hosts, err := hostpage.New(server.SiteURL()+"/", given.hostPackage, demo)
	if err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() { failed <- http.Serve(pages, byHost(server, hosts)) }()

	if given.demo {
		fmt.Printf("Open http://%s:%s/ in a browser. Ctrl-C ends the demo.\n", hostpage.TrustedHost, port)
	} else {
		orders, err := listen("127.0.0.1:0")
		if err != nil {
			return err
		}
		defer orders.Close()
		go func() { failed <- http.Serve(orders, control.Handler(server)) }()
		ready := map[string]any{"port": pages.Addr().(*net.TCPAddr).Port, "control": "http://" + orders.Addr().String()}
		if err := json.NewEncoder(os.Stdout).Encode(ready); err != nil {
			return err
		}
	}
	select {
	case err := <-failed:
		return err
	case <-ended():
		return nil
	}
}

// listen refuses addresses that others could reach.
func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	if !listener.Addr().(*net.TCPAddr).IP.IsLoopback() {
		listener.Close()
		return nil, fmt.Errorf("%s is not loopback: the stand-in has no protection against strangers", address)
	}
	return listener, nil
}

// byHost gives the Mattermost its own virtual host and the host pages all others.
func byHost(server *mattermost.Server, hosts http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _, _ := strings.Cut(r.Host, ":")
		if name == hostpage.ChatHost && server.Owns(r.URL.Path) {
			server.ServeHTTP(w, r)
			return
		}
		hosts.ServeHTTP(w, r)
	})
}

// ended is closed by a signal, or when whoever started us closes our standard input or dies.
func ended() <-chan struct{} {
	done := make(chan struct{})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	closed := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(closed)
	}()
	go func() {
		select {
		case <-signals:
		case <-closed:
		}
		close(done)
	}()
	return done
}
