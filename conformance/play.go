package conformance

import (
	"errors"
	"fmt"
	"strings"
)

// reported are the node methods whose calls a recording shows.
const reported = `["error","warn","log","debug","trace","status"]`

// Play runs a case on a runtime and gives what is comparable with Case.Want. dir is the
// runtime's working directory. An error means that the runtime broke, not that it differed.
//
// A step is a request, or several in one write, followed by a barrier (sync); its events are
// those seen from the first request to the barrier.
// Step 0 is the load, the last step the unload.
func (conn *Conn) Play(c *Case, dir string) ([]string, error) {
	p := &player{conn: conn, names: newNames(c, dir)}
	if err := p.server(c); err != nil {
		return nil, fmt.Errorf("case %s: %w", c.Name, err)
	}
	if err := p.names.free(c); err != nil {
		return nil, fmt.Errorf("case %s: %w", c.Name, err)
	}
	stop, err := p.names.broker(c)
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", c.Name, err)
	}
	defer stop()
	load, err := p.loadRequest(c)
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", c.Name, err)
	}
	steps := [][]jvalue{{load}}
	for i, l := range c.Script {
		r, err := parseJSON([]byte(p.names.fill(l)))
		if err != nil {
			return nil, fmt.Errorf("case %s: script line %d: %w", c.Name, i+1, err)
		}
		if r.kind == '[' {
			steps = append(steps, r.list)
		} else {
			steps = append(steps, []jvalue{r})
		}
	}
	if connects(string(c.Flow)) && len(steps) > 1 && len(steps[1]) == 1 && steps[1][0].str("op") == "wait" {
		steps = append([][]jvalue{{steps[0][0], steps[1][0]}}, steps[2:]...) // connections may be up before the load is answered, or after
	}
	steps = append(steps, []jvalue{request("unload")})
	for i, r := range steps {
		if err := p.step(i, r); err != nil {
			return nil, fmt.Errorf("case %s: step %d: %w", c.Name, i, err)
		}
	}
	return normalise(p.out, p.names, c.ByNode), nil
}

// errOverslept: the judge's machine was too busy for the recording to be worth anything.
var errOverslept = errors.New("the machine is too busy")

type player struct {
	conn  *Conn
	names *names
	out   []jvalue
}

// server asks for the URL of the runtime's web server if the case needs it.
func (p *player) server(c *Case) error {
	text := string(c.Flow) + strings.Join(c.Script, "\n")
	if !strings.Contains(text, basePlaceholder) && !strings.Contains(text, hostPlaceholder) && !strings.Contains(text, `"op":"http"`) {
		return nil
	}
	result, err := p.conn.ask("startServer")
	if err != nil {
		return err
	}
	url := result.str("http")
	if url == "" {
		return errors.New("startServer gave no http URL")
	}
	p.names.setServer(url)
	return nil
}

func (p *player) loadRequest(c *Case) (jvalue, error) {
	r := jvalue{kind: '{'}
	r.set("op", jstring("load"))
	for _, part := range []struct {
		key  string
		data []byte
	}{{"flow", c.Flow}, {"credentials", c.Credentials}, {"settings", c.Settings}, {"report", []byte(reported)}} {
		data := part.data
		if len(data) == 0 {
			data = []byte("{}")
		}
		v, err := parseJSON([]byte(p.names.fill(string(data))))
		if err != nil {
			return r, fmt.Errorf("%s.json: %w", part.key, err)
		}
		r.set(part.key, v)
	}
	return r, nil
}

func (p *player) step(i int, requests []jvalue) error {
	last := requests[len(requests)-1].str("op")
	if last != "unload" && last != "sync" {
		requests = append(requests, request("sync"))
	}
	replies, events, err := p.conn.do(requests...)
	if err != nil {
		return err
	}
	for k := range requests {
		if e := replies[k].get("error"); e.str("code") == "OVERSLEPT" {
			return fmt.Errorf("%w: %s", errOverslept, e.str("message"))
		}
		if requests[k].str("op") == "sync" && k > 0 {
			continue
		}
		p.out = append(p.out, headLine(i, &requests[k], &replies[k]))
	}
	p.out = append(p.out, events...)
	return nil
}

// headLine is the line of a recording that says which request was made and how it was answered.
func headLine(step int, request, reply *jvalue) jvalue {
	head := jvalue{kind: '{'}
	head.set("step", jint(step))
	head.set("op", jstring(request.str("op")))
	if n := request.str("node"); n != "" {
		head.set("node", jstring(n))
	}
	if e := reply.get("error"); e != nil {
		head.set("error", jstring(e.str("message")))
	} else if r := reply.get("result"); r != nil && len(r.keys) > 0 {
		if request.str("op") == "getNode" {
			orderConfig(r.get("config"))
		}
		head.set("result", *r)
	}
	return head
}
