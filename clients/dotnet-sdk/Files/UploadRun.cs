using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Sdk.Rest;

namespace Chat.Sdk;

/// <summary>Sends the parts of one upload, each until the service has it. Holds one part. One caller.</summary>
internal sealed class UploadRun(
    FileRest rest, Stream content, int partBytes, IProgress<UploadProgress>? progress, UploadPatience patience)
{
    private readonly long _firstByte = content.CanSeek ? content.Position : 0;

    public UploadPatience Patience => patience;

    /// <summary>Sends what is missing and makes the file of it.</summary>
    public async Task<UploadedFile> FinishAsync(UploadAnswer upload, CancellationToken ct)
    {
        int length = Math.Clamp(partBytes, upload.MinPartBytes, upload.MaxPartBytes);
        byte[] part = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await SendAsync(upload, part.AsMemory(0, length), ct).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }

        return await patience.InsistAsync(token => rest.CompleteAsync(upload.BlobId, token), ct).ConfigureAwait(false);
    }

    private async Task SendAsync(UploadAnswer upload, Memory<byte> part, CancellationToken ct)
    {
        long offset = upload.Offset;
        long partAt = -1;
        Report(upload, offset);
        while (offset < upload.Bytes)
        {
            int length = (int)Math.Min(part.Length, upload.Bytes - offset);
            if (partAt != offset) await ReadAsync(part[..length], offset, partAt, ct).ConfigureAwait(false);
            partAt = offset;
            try
            {
                UploadAnswer now = await rest.AddPartAsync(upload.BlobId, offset, part[..length], ct).ConfigureAwait(false);
                offset = now.Offset;
                patience.Reset();
            }
            catch (ChatException failure)
            {
                // It may have been taken all the same, or by an attempt before: where to go on says the service.
                if (failure.Code != (int)ErrorCode.UploadOffsetMismatch) await patience.WaitAsync(failure, ct).ConfigureAwait(false);
                UploadAnswer now = await patience.InsistAsync(token => rest.FindAsync(upload.BlobId, token), ct).ConfigureAwait(false);
                if (now.Offset == offset && failure.Code == (int)ErrorCode.UploadOffsetMismatch) throw;
                offset = now.Offset;
            }

            Report(upload, offset);
        }
    }

    /// <summary>Fills a part with what stands at an offset of the file.</summary>
    /// <param name="before">Where the part stood that was read last; −1 for none.</param>
    private async Task ReadAsync(Memory<byte> part, long offset, long before, CancellationToken ct)
    {
        if (content.CanSeek) content.Position = _firstByte + offset;
        else if (before >= 0 && offset <= before)
            throw new InvalidOperationException("The service asks for bytes again that this stream has given and cannot give twice.");

        await content.ReadExactlyAsync(part, ct).ConfigureAwait(false);
    }

    private void Report(UploadAnswer upload, long sent) => progress?.Report(new UploadProgress(upload.BlobId, sent, upload.Bytes));
}
