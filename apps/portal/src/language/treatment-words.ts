/** Words of layers, recipes, presets, mark-up on the picture, albums and the queue of restorations. */
export const treatmentWords = {
  'desk.kind.drawn': [
    '{n, plural, one {Drawn by hand} other {Drawn by hand, #}}',
    '{n, plural, =1 {Vẽ tay} other {Vẽ tay, #}}',
  ],
  'kind.drawn': ['Drawn mark', 'Vết vẽ tay'],
  'layer.moved': [
    'ΔE {mean} on average, {most} at most; {share} visibly moved',
    'trung bình ΔE {mean}, tối đa {most}; {share} thay đổi thấy được',
  ],
  'layer.level': ['level {n}, {word}', 'mức {n}, {word}'],
  'layer.canInvent': ['can invent', 'có thể thêm thắt'],
  'layer.canInvent.hint': [
    'This step can add what was not in the scan. Look closely.',
    'Bước này có thể thêm chi tiết không có trong bản quét. Hãy xem kỹ.',
  ],
  'layer.enlarged': [
    'Shown here at the original’s size. The enlarged picture is the whole proposal, with every change in it.',
    'Ở đây hiển thị theo cỡ bản gốc. Ảnh phóng to là toàn bộ đề xuất, gồm mọi thay đổi.',
  ],
  'layer.enlarged.open': [
    'Show it enlarged ({width, number} × {height, number})',
    'Xem ảnh phóng to ({width, number} × {height, number})',
  ],
  'desk.enlarged': ['Whole proposal, enlarged', 'Toàn bộ đề xuất, phóng to'],
  'desk.nearest': ['Nearest stored combination', 'Tổ hợp có sẵn gần nhất'],
  'numbers.sentence': [
    '{replaced} of the picture replaced; tones moved by ΔE {moved} on average, {most} at most.',
    'Vẽ lại {replaced} bức ảnh; sắc độ dịch chuyển trung bình ΔE {moved}, tối đa {most}.',
  ],
  'numbers.faces': ['Inside faces: ΔE {moved} on average.', 'Trong vùng khuôn mặt: trung bình ΔE {moved}.'],
  'numbers.grain': ['{kept} of the grain is kept.', 'Giữ lại {kept} hạt phim.'],
  'numbers.grain.below': [
    'Only {kept} of the grain is kept; this collection wants at least {floor}.',
    'Chỉ giữ lại {kept} hạt phim; bộ sưu tập này muốn giữ ít nhất {floor}.',
  ],
  'numbers.range': [
    'Tonal range (L*): {before} before, {after} after.',
    'Dải sắc độ (L*): trước {before}, sau {after}.',
  ],
  'preview.compute': ['Compute this combination', 'Tính tổ hợp này'],
  'preview.computing': ['This combination is being computed.', 'Đang tính tổ hợp này.'],
  'recipe.details': ['Recipe in detail', 'Chi tiết công thức'],
  'recipe.strength': ['strength {share}', 'cường độ {share}'],
  'recipe.model': ['model {id} {version}', 'mô hình {id} {version}'],
  'recipe.strokes': [
    '{n, plural, one {# mark was drawn by hand.} other {# marks were drawn by hand.}}',
    'Có {n, number} vết do người vẽ.',
  ],
  'recipe.hints': [
    '{n, plural, one {# colour was given, with its evidence:} other {# colours were given, with their evidence:}}',
    'Có {n, number} màu do người chỉ định, kèm bằng chứng:',
  ],
  'recipe.conjectures': [
    '{n, plural, one {# colour is conjecture.} other {# colours are conjecture.}}',
    '{n, number} màu là phỏng đoán.',
  ],
  'recipe.protect': [
    '{n, plural, one {# area was protected} other {# areas were protected}}',
    'Đã bảo vệ {n, number} vùng',
  ],
  'measure.losses': ['missing parts', 'phần bị mất'],
  'measure.low-light': ['low light', 'thiếu sáng'],
  'measure.lowLight': ['low light', 'thiếu sáng'],
  'measure.capture': ['faults of the scan', 'lỗi khi quét'],
  'measure.clipping': ['tones cut off by the scan', 'sắc độ bị cắt khi quét'],
  'measure.skew': ['skew of the scan', 'độ lệch khi quét'],
  'measure.border': ['border of the scan', 'viền bản quét'],
  'measure.corners': ['missing corners', 'góc bị mất'],
  'measure.stains': ['stains', 'vết ố'],
  'measure.noise': ['noise and grain', 'nhiễu và hạt phim'],
} as const;
