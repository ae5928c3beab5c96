package conformance

import (
	"regexp"
	"strings"
)

// peerPort stands for the port of a peer, which the system chose.
const peerPort = "<peer>"

// fromIP is msg.fromip of an udp in node.
var fromIP = regexp.MustCompile(`^([0-9a-fA-F.:%]+):\d+$`)

// hidePeers replaces the ports of peers, which change from run to run: the port beside
// an ip, the port in the properties of an error, msg.fromip.
func hidePeers(v *jvalue) {
	ip, port := v.get("ip"), v.get("port")
	if ip != nil && ip.kind == '"' && port != nil && port.kind == '0' {
		*port = jstring(peerPort)
	}
	if from := v.get("fromip"); from != nil && from.kind == '"' {
		from.text = fromIP.ReplaceAllString(from.text, "$1:"+peerPort)
	}
	if v.kind == '[' && len(v.list) == 2 && v.list[0].kind == '"' && v.list[0].text == "port" && v.list[1].kind == '0' {
		v.list[1] = jstring(peerPort)
	}
	for i := range v.list {
		hidePeers(&v.list[i])
	}
}

// connecting are the node types that open connections when they start.
var connecting = []string{"mqtt-broker", "tcp in", "tcp out", "udp in", "udp out", "websocket-client"}

// connects reports whether a flow has nodes whose connections may be up before the
// load is answered, or after.
func connects(flow string) bool {
	for _, typ := range connecting {
		if strings.Contains(flow, `"`+typ+`"`) {
			return true
		}
	}
	return false
}
