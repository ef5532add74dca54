// The socket: one ask under way, the newest one waits, answers that came too late are dropped.

const AGAIN = 1000; // milliseconds until the next try to connect

/** An answer from its bytes: header, then arrays with their shapes. */
export function unpacked(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  let at = 4 + length;
  for (const [name, shape] of header.arrays) {
    const size = shape.reduce((product, side) => product * side, 1);
    arrays[name] = { shape, values: new Float32Array(buffer, at, size) };
    at += 4 * size;
  }
  return { ...header, arrays };
}

export function connect(onAnswer, onTrouble) {
  let socket = null;
  let number = 0;
  let busy = false;
  let next = null;
  let latest = null;

  function send() {
    if (busy || next === null || socket?.readyState !== WebSocket.OPEN) return;
    busy = true;
    socket.send(JSON.stringify({ n: (number += 1), ...next }));
    next = null;
  }

  function open() {
    socket = new WebSocket(`ws://${location.host}/ask`);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      busy = false;
      next ??= latest; // what was under way when the connection broke
      send();
    };
    socket.onmessage = ({ data }) => {
      busy = false;
      send(); // the server computes while we draw
      const found = typeof data === 'string' ? JSON.parse(data) : unpacked(data);
      if (found.error) {
        if (found.n === number) onTrouble(found.error);
      } else onAnswer(found);
    };
    socket.onclose = () => {
      busy = false;
      onTrouble('Not connected. Is narrate serve still running?');
      setTimeout(open, AGAIN);
    };
  }

  open();
  return (asked) => {
    next = latest = asked;
    send();
  };
}
