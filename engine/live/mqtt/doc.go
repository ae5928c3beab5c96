// Package mqtt carries out the effects of the MQTT nodes: it keeps connections to
// brokers, with the packets of paho.mqtt.golang (MQTT 3.1 and 3.1.1) and of
// paho.golang (MQTT 5).
//
// The sessions are its own: the paho clients forget what was not acknowledged
// when a clean session ends, while Node-RED's client sends it again after every
// reconnection, and they answer each publication in its own time, by a goroutine
// each. Here a connection has one reader and one writer, whatever passes through.
package mqtt
