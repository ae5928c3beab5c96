package mqtt

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// mosquitto is a broker in a process of its own, with its sessions on disk.
type mosquitto struct {
	t    *testing.T
	dir  string
	addr string
	cmd  *exec.Cmd
}

func newMosquitto(t *testing.T) *mosquitto {
	t.Helper()
	if _, err := os.Stat("/usr/sbin/mosquitto"); err != nil {
		t.Skip("mosquitto is not installed")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	_, port, _ := net.SplitHostPort(addr)
	m := &mosquitto{t: t, dir: t.TempDir(), addr: addr}
	conf := "listener " + port + " 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location " + m.dir +
		"/\nlog_dest none\nmax_queued_messages 0\nuser root\n"
	if err := os.WriteFile(filepath.Join(m.dir, "conf"), []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	m.start()
	t.Cleanup(m.stop)
	return m
}

func (m *mosquitto) start() {
	m.cmd = exec.Command("/usr/sbin/mosquitto", "-c", filepath.Join(m.dir, "conf"))
	if err := m.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		c, err := net.Dial("tcp", m.addr)
		if err == nil {
			_ = c.Close()
			return
		}
		if time.Now().After(deadline) {
			m.t.Fatal("mosquitto does not start")
		}
	}
}

func (m *mosquitto) stop() {
	_ = m.cmd.Process.Signal(syscall.SIGTERM)
	_ = m.cmd.Wait()
}

// TestRestart: mosquitto is stopped and started 20 times, and nothing of quality 1
// and 2 that is published before, while it is away and after is lost with MQTT 5;
// with 3.1.1 everything is acknowledged. (It is stopped when it has acknowledged
// everything: it loses messages it acknowledges while it is being stopped, and
// 2.0.11 now and then one it has acknowledged for a session of 3.1.1: the bytes that
// it sends afterwards do not have it.)
func TestRestart(t *testing.T) {
	t.Parallel()
	for _, version := range []int{4, 5} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			m := newMosquitto(t)
			soak(t, m.addr, m.addr, version, version == 5, func(settled func()) func() {
				settled()
				m.stop()
				return m.start
			})
		})
	}
}

// TestCutMosquitto: the publisher's connection breaks 20 times. Nothing is lost with
// MQTT 5; before it everything is acknowledged (see TestRestart).
func TestCutMosquitto(t *testing.T) {
	t.Parallel()
	for _, version := range []int{3, 4, 5} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			m := newMosquitto(t)
			p := newProxy(t, m.addr)
			soak(t, p.l.Addr().String(), m.addr, version, version == 5, func(func()) func() { p.cut(); return func() {} })
		})
	}
}
