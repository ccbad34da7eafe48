import { fault } from './fault.js';

/** Lines of the error table about models. */
export const modelFaults = {
  'model.missing': fault(
    422,
    'never',
    'This step needs the model {model}, which is not installed on this server. An administrator can add it (albumen models add).',
    'Bước này cần mô hình {model}, hiện chưa được cài trên máy chủ. Người quản trị có thể cài thêm (albumen models add).',
  ),
  'model.needed': fault(
    422,
    'never',
    'The step {operation} has no model of its own. Name one of the accepted models for it ({adapter}); an administrator brings one in with albumen models add.',
    'Bước {operation} không có mô hình sẵn. Hãy chọn một mô hình đã được chấp nhận ({adapter}); người quản trị thêm mô hình bằng albumen models add.',
  ),
  'model.parameter-not-taken': fault(
    422,
    'never',
    'The step {operation} takes {parameter} only with a model that has such an input. Leave it out, or name another model.',
    'Bước {operation} chỉ nhận {parameter} khi mô hình có đầu vào đó. Hãy bỏ tham số này hoặc chọn mô hình khác.',
  ),
  'model.unsuitable': fault(
    422,
    'never',
    'The model {model} does not fit the step {operation}. Choose another model or another step.',
    'Mô hình {model} không hợp với bước {operation}. Hãy chọn mô hình khác hoặc bước khác.',
  ),
  'model.picture-too-large': fault(
    422,
    'never',
    'The model {model} sees the whole picture at once and takes at most {most} pixels; this picture has {pixels}.',
    'Mô hình {model} phải xem toàn bộ ảnh một lần và chỉ nhận tối đa {most} điểm ảnh; ảnh này có {pixels}.',
  ),
  'model.not-found': fault(404, 'never', 'There is no model {model} here.', 'Không có mô hình {model} ở đây.'),
  'model.picture-not-found': fault(
    404,
    'never',
    'The model {model} has no picture {file}.',
    'Mô hình {model} không có ảnh {file}.',
  ),
  'model.not-quarantined': fault(
    409,
    'never',
    'The model {model} is {state}: only a model in quarantine can be accepted.',
    'Mô hình {model} đang ở trạng thái {state}: chỉ mô hình đang cách ly mới được chấp nhận.',
  ),
  'model.licence-differs': fault(
    422,
    'never',
    'The model {model} was brought in under {broughtIn} and cannot be accepted under {licence}.',
    'Mô hình {model} được đưa vào theo giấy phép {broughtIn} nên không thể chấp nhận theo {licence}.',
  ),
  'model.level-too-low': fault(
    422,
    'never',
    'A model for {adapter} needs treatment level {least} or more, not {level}.',
    'Mô hình loại {adapter} cần mức xử lý từ {least} trở lên, không phải {level}.',
  ),
  'model.shipped': fault(
    409,
    'never',
    'The model {model} came with Albumen and stays.',
    'Mô hình {model} đi kèm Albumen nên được giữ lại.',
  ),
  'model.digest-differs': fault(
    500,
    'never',
    'The model file {model} does not have its recorded digest and was not used.',
    'Tệp mô hình {model} không khớp mã kiểm tra đã ghi nên không được dùng.',
  ),
  'model.file-refused': fault(
    422,
    'never',
    'The model file was not taken in: {detail}.',
    'Không nhận tệp mô hình: {detail}.',
  ),
} as const;
