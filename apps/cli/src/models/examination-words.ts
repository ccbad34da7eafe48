import type { BroughtInReport } from '@albumen/runtime';

/** What was found out about a model, a line for each thing. */
export function examinationWords({ examination, adapter, sha256, bytes }: BroughtInReport): string[] {
  const { header, probes, onnxruntime, loadSeconds, peakMegabytes, faults, warnings } = examination;
  const lines = [
    `sha256 ${sha256}, ${(bytes / 1e6).toFixed(1)} MB`,
    `header: IR ${header.irVersion}, opset ${header.opset}, ${header.nodes} nodes, ${header.parameters} parameters, made by ${header.producer || 'nobody named'}`,
  ];
  for (const [what, tensors] of [
    ['in', header.inputs],
    ['out', header.outputs],
  ] as const)
    for (const { name, element, dims } of tensors)
      lines.push(`${what}: ${name}, ${element} [${dims.map((dim) => dim ?? '?').join(', ')}]`);
  if (probes !== null) {
    const sizes =
      probes.fixedSize !== null
        ? `${probes.fixedSize.width}×${probes.fixedSize.height} alone`
        : probes.multiple === null
          ? 'unknown'
          : `multiples of ${probes.multiple}`;
    lines.push(
      `as ${adapter}: ${probes.scale}× the size, sizes ${sizes}, black to white ${probes.range}${probes.rangeMeasured ? '' : ' (not measured)'}`,
      `margin of a tile: ${probes.margin === null ? 'none holds, it sees the whole picture' : `${probes.margin} pixels`}`,
      `red, green, blue: ${probes.channelOrder}; two runs differ by ${probes.repeatDifference.toFixed(2)} levels`,
      `${probes.secondsPerMegapixel.toFixed(1)} s for a megapixel, ${loadSeconds.toFixed(1)} s to load, at most ${peakMegabytes} MB (onnxruntime ${onnxruntime})`,
    );
    if (probes.hole !== null) lines.push(`mask: ${probes.hole} is a hole`);
  }
  lines.push(...warnings.map((words) => `mind: ${words}`), ...faults.map((words) => `FAULT: ${words}`));
  return lines;
}
