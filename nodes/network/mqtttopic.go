package network

import "strings"

// matchTopic reports whether a topic fits a subscription, as Node-RED decides it: a
// plus stands for a level that is not empty.
func matchTopic(filter, topic string) bool {
	if filter == "#" {
		return true
	}
	if rest, ok := strings.CutPrefix(filter, "$share/"); ok {
		if group, f, ok := strings.Cut(rest, "/"); ok && group != "" && !strings.ContainsAny(group, "#+") {
			filter = f
		}
	}
	for {
		if filter == "#" {
			return false // a # that is not behind a slash is only a character
		}
		level, rest, more := strings.Cut(filter, "/")
		part, left, deeper := strings.Cut(topic, "/")
		if level == "+" && part == "" || level != "+" && level != part {
			return false
		}
		if more && rest == "#" {
			return true
		}
		if more != deeper {
			return false
		}
		if !more {
			return true
		}
		filter, topic = rest, left
	}
}

// validFilter reports whether a topic may be subscribed to.
func validFilter(topic string) bool {
	if topic == "#" {
		return true
	}
	levels := strings.Split(topic, "/")
	for i, l := range levels {
		last := i == len(levels)-1 && i > 0
		if l != "+" && (l != "#" || !last) && strings.ContainsAny(l, "+#") {
			return false
		}
	}
	return true
}

// validTopic reports whether a message may be published to a topic.
func validTopic(topic string) bool {
	return topic != "" && !strings.ContainsAny(topic, "+#\b\f\n\r\t\v\x00")
}
