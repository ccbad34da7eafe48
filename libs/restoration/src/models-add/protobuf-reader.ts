/** One field of a protobuf message: a number for varints, bytes for everything else. */
export interface ProtoField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** Bytes that are no protobuf message. */
export class ProtoFault extends Error {
  override readonly name = 'ProtoFault';
}

/**
 * The fields of a message in the order they stand, after the wire format of Protocol Buffers (varint, 64 bit, length
 * delimited, 32 bit). Nothing is copied: bytes are views into `message`. Throws ProtoFault where it is cut off or uses
 * groups.
 */
export function* fieldsOf(message: Uint8Array): Generator<ProtoField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new ProtoFault('it is cut off inside a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtoFault('a number in it is too long');
  };
  const bytes = (length: number): Uint8Array => {
    if (!(length >= 0 && length <= message.length - at))
      throw new ProtoFault(`it is cut off: ${length} bytes are announced and ${message.length - at} are there`);
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    if (number === 0) throw new ProtoFault('a field in it has no number');
    switch (tag & 7) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        yield { number, value: bytes(8) };
        break;
      case 2:
        yield { number, value: bytes(Number(varint())) };
        break;
      case 5:
        yield { number, value: bytes(4) };
        break;
      default:
        throw new ProtoFault(`a field in it has the wire type ${tag & 7}`);
    }
  }
}
