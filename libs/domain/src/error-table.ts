/** Whether a job that met this error should be tried again. */
export type Retry = 'never' | 'later';

/** One line of the table. */
export interface Fault {
  /** HTTP status of the RFC 9457 problem. */
  readonly status: number;
  readonly retry: Retry;
  /** Sentence for a person; `{name}` is filled from the details. Says what happened and what to do. */
  readonly en: string;
  readonly vi: string;
}

const fault = (status: number, retry: Retry, en: string, vi: string): Fault => ({ status, retry, en, vi });

/**
 * Every error a person or a program can meet, in one table. The HTTP map, the retry map and the words on the screen
 * all read it. A code never changes its meaning.
 */
export const errorTable = {
  'access.sign-in-needed': fault(
    401,
    'never',
    'Sign in to continue. Nothing was lost.',
    'Hãy đăng nhập để tiếp tục. Chưa có gì bị mất.',
  ),
  'access.token-refused': fault(
    401,
    'never',
    'This sign-in is no longer valid. Sign in again; nothing was lost.',
    'Phiên đăng nhập không còn hiệu lực. Hãy đăng nhập lại; chưa có gì bị mất.',
  ),
  'access.forbidden': fault(
    403,
    'never',
    'Your role does not allow this ({permission}).',
    'Vai trò của bạn không cho phép việc này ({permission}).',
  ),
  'access.person-needed': fault(
    403,
    'never',
    'Only a signed-in person can do this.',
    'Chỉ người đã đăng nhập mới làm được việc này.',
  ),
  'request.invalid': fault(400, 'never', 'The request is not complete: {detail}', 'Yêu cầu chưa đầy đủ: {detail}'),
  'request.too-large': fault(413, 'never', 'The request is larger than allowed.', 'Yêu cầu lớn hơn mức cho phép.'),
  'request.rate-limited': fault(
    503,
    'later',
    'The server is busy with other pictures. Try again in a few seconds.',
    'Máy chủ đang bận xử lý ảnh khác. Hãy thử lại sau vài giây.',
  ),
  'request.not-found': fault(404, 'never', 'Nothing is at this address.', 'Không có gì ở địa chỉ này.'),
  'collection.not-found': fault(404, 'never', 'This collection does not exist.', 'Bộ sưu tập này không tồn tại.'),
  'collection.title-needed': fault(
    422,
    'never',
    'A collection needs a title in at least one language.',
    'Bộ sưu tập cần có tên bằng ít nhất một ngôn ngữ.',
  ),
  'collection.cycle': fault(
    422,
    'never',
    'A collection cannot stand inside itself.',
    'Bộ sưu tập không thể nằm trong chính nó.',
  ),
  'collection.changed-meanwhile': fault(
    409,
    'never',
    'Somebody else changed this collection meanwhile. Your words are kept on the screen; compare and save again.',
    'Có người vừa sửa bộ sưu tập này. Nội dung của bạn vẫn còn trên màn hình; hãy so sánh và lưu lại.',
  ),
  'collection.preset-above-level': fault(
    422,
    'never',
    'The preset {preset} needs treatment level {needed}; the collection allows {allowed}. Choose a lower preset, or allow a higher level first.',
    'Mức mặc định {preset} cần mức xử lý {needed}; bộ sưu tập chỉ cho phép mức {allowed}. Hãy chọn mức mặc định thấp hơn, hoặc cho phép mức xử lý cao hơn trước.',
  ),
  'accession.not-found': fault(404, 'never', 'This accession does not exist.', 'Đợt tiếp nhận này không tồn tại.'),
  'accession.closed': fault(
    409,
    'never',
    'This accession is closed and takes no more files. Start a new one.',
    'Đợt tiếp nhận đã đóng, không nhận thêm tệp. Hãy mở đợt mới.',
  ),
  'accession.cancelled': fault(
    409,
    'never',
    'This accession was cancelled. What had been received stays.',
    'Đợt tiếp nhận đã hủy. Những gì đã nhận vẫn được giữ.',
  ),
  'accession.files-waiting': fault(
    409,
    'never',
    '{waiting} files have not arrived yet. Send them, or cancel the accession.',
    'Còn {waiting} tệp chưa đến. Hãy gửi tiếp hoặc hủy đợt tiếp nhận.',
  ),
  'accession.no-files': fault(422, 'never', 'The folder holds no files.', 'Thư mục không có tệp nào.'),
  'accession.folder-missing': fault(
    422,
    'never',
    'The folder {folder} does not exist or cannot be read.',
    'Thư mục {folder} không tồn tại hoặc không đọc được.',
  ),
  'accession.file-not-found': fault(
    404,
    'never',
    'This file is not part of the accession.',
    'Tệp này không thuộc đợt tiếp nhận.',
  ),
  'file.empty': fault(
    422,
    'never',
    'The file is empty (0 bytes). Copy or scan it again.',
    'Tệp rỗng (0 byte). Hãy sao chép hoặc quét lại.',
  ),
  'file.not-a-picture': fault(422, 'never', 'This is not a picture: {found}.', 'Đây không phải là ảnh: {found}.'),
  'file.media-not-accepted': fault(
    422,
    'never',
    '{found} is not accepted. Accepted are JPEG, TIFF, PNG and WebP.',
    'Không nhận định dạng {found}. Chỉ nhận JPEG, TIFF, PNG và WebP.',
  ),
  'file.damaged': fault(
    422,
    'never',
    'The file cannot be read to its end: {detail}. Copy it again from the card, or scan it again.',
    'Không đọc được tệp đến hết: {detail}. Hãy sao chép lại từ thẻ nhớ hoặc quét lại.',
  ),
  'file.too-many-pixels': fault(
    422,
    'never',
    'The picture claims {megapixels} megapixels; the limit for this format is {limit}.',
    'Ảnh khai báo {megapixels} triệu điểm ảnh; giới hạn cho định dạng này là {limit}.',
  ),
  'file.expands-too-much': fault(
    422,
    'never',
    'The file claims far more picture than its {bytes} bytes can hold honestly. It was not opened.',
    'Tệp khai báo ảnh lớn hơn nhiều so với {bytes} byte của nó. Tệp không được mở.',
  ),
  'file.decode-timeout': fault(
    422,
    'never',
    'Reading the picture took longer than {seconds} seconds and was stopped.',
    'Đọc ảnh mất hơn {seconds} giây nên đã dừng.',
  ),
  'file.decode-memory': fault(
    422,
    'never',
    'Reading the picture needed more memory than allowed and was stopped.',
    'Đọc ảnh cần nhiều bộ nhớ hơn mức cho phép nên đã dừng.',
  ),
  'file.name-unusable': fault(
    422,
    'never',
    'The file name cannot be kept: {detail}.',
    'Không thể giữ tên tệp: {detail}.',
  ),
  'file.size-mismatch': fault(
    422,
    'never',
    '{received} of {announced} bytes arrived. Upload the file again.',
    'Mới nhận được {received} trên {announced} byte. Hãy tải tệp lên lại.',
  ),
  'file.unreadable': fault(
    422,
    'never',
    'The file could not be read from disk: {detail}.',
    'Không đọc được tệp từ đĩa: {detail}.',
  ),
  'storage.full': fault(
    507,
    'later',
    'The disk is full. Nothing was lost; free space and the work goes on.',
    'Đĩa đã đầy. Chưa có gì bị mất; hãy giải phóng dung lượng rồi công việc sẽ tiếp tục.',
  ),
  'storage.missing': fault(
    500,
    'never',
    'Stored bytes are missing ({key}). The archivist has been told by the record.',
    'Thiếu dữ liệu đã lưu ({key}). Việc này đã được ghi lại.',
  ),
  'storage.unavailable': fault(
    503,
    'later',
    'The store does not answer. It will be tried again.',
    'Kho lưu trữ không trả lời. Hệ thống sẽ thử lại.',
  ),
  'original.not-found': fault(404, 'never', 'This original does not exist.', 'Bản gốc này không tồn tại.'),
  'original.digest-differs': fault(
    500,
    'never',
    'The stored original no longer has its recorded digest. It was not used.',
    'Bản gốc đang lưu không còn khớp mã kiểm tra đã ghi. Bản này không được sử dụng.',
  ),
  'original.immutable': fault(409, 'never', 'An original never changes.', 'Bản gốc không bao giờ thay đổi.'),
  'item.not-found': fault(404, 'never', 'This item does not exist.', 'Ảnh tư liệu này không tồn tại.'),
  'item.changed-meanwhile': fault(
    409,
    'never',
    'Somebody else saved this description meanwhile. Your words are kept on the screen; compare and save again.',
    'Có người vừa lưu phần mô tả này. Nội dung của bạn vẫn còn trên màn hình; hãy so sánh và lưu lại.',
  ),
  'description.date-unreadable': fault(
    422,
    'never',
    'The date "{edtf}" is not an EDTF date. Leave it empty to keep only the date as written.',
    'Ngày "{edtf}" không đúng chuẩn EDTF. Để trống nếu chỉ giữ ngày như đã ghi.',
  ),
  'description.rights-unknown': fault(
    422,
    'never',
    'The rights statement {uri} is not one of rightsstatements.org or creativecommons.org.',
    'Tuyên bố quyền {uri} không thuộc rightsstatements.org hoặc creativecommons.org.',
  ),
  'restoration.not-found': fault(404, 'never', 'This restoration does not exist.', 'Bản phục chế này không tồn tại.'),
  'restoration.level-above-collection': fault(
    422,
    'never',
    'The recipe needs treatment level {needed}; the collection allows {allowed}.',
    'Công thức cần mức xử lý {needed}; bộ sưu tập chỉ cho phép mức {allowed}.',
  ),
  'restoration.already-exists': fault(
    409,
    'never',
    'This recipe was already run on this original.',
    'Công thức này đã được chạy trên bản gốc này.',
  ),
  'restoration.not-proposed': fault(
    409,
    'never',
    'This restoration is not waiting for a decision.',
    'Bản phục chế này không chờ quyết định.',
  ),
  'restoration.not-analysed': fault(
    409,
    'never',
    'The original has not been analysed yet. Wait for its damage report.',
    'Bản gốc chưa được phân tích. Hãy chờ báo cáo hư hại.',
  ),
  'restoration.nothing-to-do': fault(
    422,
    'never',
    'No treatment is needed by measurement, so there is no step to run.',
    'Theo số đo, không cần xử lý nên không có bước nào để chạy.',
  ),
  'restoration.step-unknown': fault(
    422,
    'never',
    'The recipe names an operation that does not exist: {operation}.',
    'Công thức nêu thao tác không tồn tại: {operation}.',
  ),
  'restoration.parameter-out-of-range': fault(
    422,
    'never',
    'Expected {parameter} of {operation} between {least} and {most} but received {value}.',
    'Giá trị {parameter} của {operation} phải từ {least} đến {most}, nhưng nhận được {value}.',
  ),
  'restoration.album-not-measured': fault(
    422,
    'never',
    'None of these photographs has been measured yet, so there is nothing to take common numbers from. Wait for their damage reports.',
    'Chưa ảnh nào trong số này được đo, nên chưa có số đo chung. Hãy chờ báo cáo hư hại của chúng.',
  ),
  'restoration.mark-up-invalid': fault(
    422,
    'never',
    'A drawn mark cannot be used: {detail}.',
    'Không dùng được nét vẽ: {detail}.',
  ),
  'restoration.engine-failed': fault(
    500,
    'never',
    'The restoration stopped: {detail}. The original is untouched.',
    'Việc phục chế đã dừng: {detail}. Bản gốc không bị ảnh hưởng.',
  ),
  'restoration.engine-killed': fault(
    500,
    'later',
    'The restoration was cut off and will be run again. The original is untouched.',
    'Việc phục chế bị ngắt và sẽ chạy lại. Bản gốc không bị ảnh hưởng.',
  ),
  'restoration.output-not-sane': fault(
    500,
    'never',
    'The result of {operation} was not a sane picture ({detail}) and was thrown away.',
    'Kết quả của {operation} không hợp lệ ({detail}) nên đã bỏ.',
  ),
  'restoration.cancelled': fault(409, 'never', 'The restoration was cancelled.', 'Bản phục chế đã bị hủy.'),
  'restoration.region-not-found': fault(
    404,
    'never',
    'This region is not part of the restoration.',
    'Vùng này không thuộc bản phục chế.',
  ),
  'model.missing': fault(
    422,
    'never',
    'This step needs the model {model}, which is not installed on this server. An administrator can add it (albumen models add).',
    'Bước này cần mô hình {model}, hiện chưa được cài trên máy chủ. Người quản trị có thể cài thêm (albumen models add).',
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
  'receipt.unreadable': fault(
    422,
    'never',
    'This is no receipt that can be run again: {detail}.',
    'Đây không phải phiếu xử lý chạy lại được: {detail}.',
  ),
  'review.not-found': fault(404, 'never', 'This review does not exist.', 'Lượt thẩm định này không tồn tại.'),
  'review.own-request': fault(
    403,
    'never',
    'You asked for this restoration or brought the photograph in, so somebody else decides.',
    'Bạn đã yêu cầu bản phục chế hoặc đưa ảnh này vào, nên người khác sẽ quyết định.',
  ),
  'review.claimed-by-other': fault(
    409,
    'never',
    '{name} holds this review until {until}.',
    '{name} đang giữ lượt thẩm định này đến {until}.',
  ),
  'review.claim-needed': fault(
    409,
    'never',
    'Claim the review before deciding.',
    'Hãy nhận lượt thẩm định trước khi quyết định.',
  ),
  'review.reason-needed': fault(422, 'never', 'Give a reason for this decision.', 'Hãy nêu lý do cho quyết định này.'),
  'review.already-decided': fault(
    409,
    'never',
    'This review is already decided.',
    'Lượt thẩm định này đã có quyết định.',
  ),
  'review.shown-differs': fault(
    409,
    'never',
    'This proposal is no longer what you were shown; nothing was decided. Look at it as it stands now and decide again.',
    'Đề xuất này không còn như lúc bạn xem; chưa có gì được quyết định. Hãy xem lại trạng thái hiện tại rồi quyết định.',
  ),
  'review.undo-too-late': fault(
    409,
    'never',
    'This decision can no longer be undone: {detail}.',
    'Không thể hoàn tác quyết định này nữa: {detail}.',
  ),
  'publication.rules-not-met': fault(
    422,
    'never',
    'The item cannot be published yet: {detail}',
    'Chưa thể công bố ảnh này: {detail}',
  ),
  'publication.not-found': fault(404, 'never', 'This photograph is not published.', 'Ảnh này chưa được công bố.'),
  'publication.withdrawn': fault(
    410,
    'never',
    'This photograph was withdrawn: {reason}',
    'Ảnh này đã được rút lại: {reason}',
  ),
  'publication.reason-needed': fault(422, 'never', 'Give a reason for the withdrawal.', 'Hãy nêu lý do rút lại.'),
  'publication.manifest-invalid': fault(
    500,
    'never',
    'The manifest breaks its own rules and was not stored: {detail}',
    'Bản kê IIIF không hợp lệ nên không được lưu: {detail}',
  ),
  'image.not-found': fault(404, 'never', 'This picture does not exist.', 'Ảnh này không tồn tại.'),
  'image.request-invalid': fault(
    400,
    'never',
    'The image request is not valid: {detail}',
    'Yêu cầu ảnh không hợp lệ: {detail}',
  ),
  'image.not-ready': fault(409, 'later', 'The picture is still being prepared.', 'Ảnh đang được chuẩn bị.'),
  'audit.entry-not-found': fault(404, 'never', 'There is no audit entry {seq}.', 'Không có mục nhật ký {seq}.'),
  'audit.key-missing': fault(500, 'never', 'The key that signs the audit log is missing.', 'Thiếu khóa ký nhật ký.'),
  'queue.unavailable': fault(
    503,
    'later',
    'The job queue does not answer. It will be tried again.',
    'Hàng đợi công việc không trả lời. Hệ thống sẽ thử lại.',
  ),
  'configuration.invalid': fault(
    500,
    'never',
    'The configuration is not usable: {detail}',
    'Cấu hình không dùng được: {detail}',
  ),
  'internal.unexpected': fault(
    500,
    'later',
    'Something went wrong on our side (reference {reference}). Nothing was lost.',
    'Có lỗi từ phía hệ thống (mã {reference}). Chưa có gì bị mất.',
  ),
} as const satisfies Record<string, Fault>;
