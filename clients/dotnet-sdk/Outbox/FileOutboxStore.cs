using Chat.Sdk.Outbox;

using Microsoft.Win32.SafeHandles;

namespace Chat.Sdk;

/// <summary>
/// An outbox in a file: what was written outlives the end of the process, however that came. One file for each service and person, named after
/// both, so several may share a folder. Readable by the system user alone; not encrypted. An append-only log that is written anew when most
/// of it is over. What a write left unfinished is passed over, and so is what the disk has lost (<see cref="DamagedBytes"/>). Thread-safe.
/// </summary>
/// <remarks>
/// A second store on the same file, of this process or another, is refused: two clients would both send what is there. The lock is the
/// operating system's, so it ends with the process; on some network file systems it does not hold.
/// </remarks>
public sealed class FileOutboxStore : IOutboxStore, IDisposable
{
    /// <summary>Below this size a file is not written anew, unless nothing in it is alive.</summary>
    private const long SmallBytes = 64 << 10;

    // What IOException.HResult says of a file that somebody has locked: Windows, Linux, macOS.
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int EagainLinux = 11;
    private const int EagainBsd = 35;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly string _owner;
    private readonly FileStream _lock;
    private readonly Dictionary<Guid, Extent> _live = [];
    private FileStream? _file; // null where it could not be opened again; the next call tries
    private byte[] _salt = [];
    private long _headingBytes;
    private long _end;
    private long _liveBytes;
    private long _rewriteAbove = SmallBytes;
    private bool _isTailDirty;
    private bool _isDisposed;

    /// <summary>Opens or makes the outbox of a person at a service, and locks it until it is disposed of.</summary>
    /// <param name="directory">Where the file is; made if need be.</param>
    /// <param name="url">The service, as in <see cref="ChatClientOptions.Url"/>; with another host, port or path it is another outbox.</param>
    /// <param name="principalId">The person, <see cref="AccountSession.PrincipalId"/>.</param>
    /// <exception cref="ChatException">
    /// <see cref="LocalErrorCode.OutboxInUse"/>: another store has it open. <see cref="LocalErrorCode.OutboxDamaged"/>: the file is of a later
    /// version of this library, or of somebody else; it is left as it is.
    /// </exception>
    /// <exception cref="IOException">The folder or the file cannot be used.</exception>
    public FileOutboxStore(string directory, Uri url, long principalId)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(principalId, 1);
        PrincipalId = principalId;
        string service = $"{url.Authority}{url.AbsolutePath.TrimEnd('/')}";
        _owner = $"{service} {principalId}";
        _path = Path.Combine(directory, FileName(service, principalId));
        MakeFolder(directory);
        _lock = Lock($"{_path}.lock");
        try
        {
            File.Delete(RewrittenPath); // of a run that ended while it wrote
            _file = Open();
            if (DamagedBytes > 0) Rewrite(); // told once
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public long PrincipalId { get; }

    /// <summary>
    /// Bytes that were not readable when the file was opened, 0 for none. Few, at the end: the process was ended while it wrote a message
    /// whose <see cref="ChatHandle.Send"/> had not returned. A file that was not readable at all is moved aside, to the name with <c>.damaged</c>.
    /// </summary>
    public long DamagedBytes { get; private set; }

    /// <summary>
    /// Whether each write waits until the disk has it, so that it outlives a loss of power too, for some milliseconds a message. Default false:
    /// it outlives the end of the process.
    /// </summary>
    public bool FlushToDisk { get; init; }

    private SafeFileHandle Handle => (_file ??= OpenFile(_path, FileMode.Open, FileShare.Read)).SafeFileHandle;

    private string RewrittenPath => $"{_path}.new";

    private string DamagedPath => $"{_path}.damaged";

    /// <inheritdoc/>
    public IReadOnlyList<ReadOnlyMemory<byte>> Load()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            List<ReadOnlyMemory<byte>> entries = new(_live.Count);
            foreach (Extent extent in _live.Values) entries.Add(ReadEntry(extent));
            return entries;
        }
    }

    /// <inheritdoc/>
    public void Save(Guid id, ReadOnlySpan<byte> entry)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Length, OutboxFileFormat.MaxEntryBytes);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            long place = Append(OutboxFileFormat.Put, id, entry);
            Forget(id);
            Remember(id, new Extent(place, entry.Length));
            RewriteIfDue();
        }
    }

    /// <inheritdoc/>
    public void Remove(Guid id)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_live.ContainsKey(id)) return;

            if (_live.Count == 1)
            {
                TruncateAll();
                return;
            }

            Append(OutboxFileFormat.Removed, id, default);
            Forget(id);
            RewriteIfDue();
        }
    }

    /// <inheritdoc/>
    public void Clear()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            TruncateAll();
            RandomAccess.FlushToDisk(Handle); // who signed out does not come back with the power
            File.Delete(DamagedPath);
        }
    }

    /// <summary>Unlocks the file and keeps it. Dispose of the client first.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;

            _isDisposed = true;
            _file?.Dispose();
            _lock.Dispose();
        }
    }

    private static string FileName(string service, long principalId)
    {
        IEnumerable<char> safe = service.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? char.ToLowerInvariant(c) : '_');
        return $"{string.Concat(safe)}-{principalId}.outbox";
    }

    private static void MakeFolder(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static FileStream OpenFile(string path, FileMode mode, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return OpenFile(path, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException held) when (held.HResult is SharingViolation or EagainLinux or EagainBsd)
        {
            throw ChatException.Local(
                LocalErrorCode.OutboxInUse,
                $"The outbox {path} is open in another client or process: close that one first, or give this one a folder of its own.", held);
        }
    }

    private FileStream Open()
    {
        byte[] bytes = File.Exists(_path) ? File.ReadAllBytes(_path) : Begin();
        if (!OutboxFileFormat.TryReadHeading(bytes, out string owner, out int headingBytes))
        {
            if (OutboxFileFormat.IsOfLaterVersion(bytes))
                throw ChatException.Local(LocalErrorCode.OutboxDamaged, $"The outbox {_path} is of a later version of this library: use that one.");

            File.Move(_path, DamagedPath, overwrite: true);
            DamagedBytes = Math.Max(1, bytes.Length);
            bytes = Begin();
            OutboxFileFormat.TryReadHeading(bytes, out owner, out headingBytes);
        }

        if (owner != _owner)
            throw ChatException.Local(LocalErrorCode.OutboxDamaged, $"The outbox {_path} is of \"{owner}\", not of \"{_owner}\": it was moved here.");

        Replay(bytes, headingBytes);
        FileStream file = OpenFile(_path, FileMode.Open, FileShare.Read);
        if (_end < bytes.Length) file.SetLength(_end);
        return file;
    }

    /// <summary>Takes what the file says, record by record; where one is damaged, goes on with the next that is none.</summary>
    private void Replay(ReadOnlySpan<byte> file, int headingBytes)
    {
        _salt = OutboxFileFormat.Salt(file).ToArray();
        _live.Clear();
        (_headingBytes, _end, _liveBytes) = (headingBytes, headingBytes, 0);
        int place = headingBytes;
        while (place < file.Length)
        {
            if (!OutboxFileFormat.TryReadRecord(file, _salt, place, out ReadOnlySpan<byte> body))
            {
                DamagedBytes++;
                place++;
                continue;
            }

            Guid id = new(body.Slice(1, 16));
            Forget(id);
            if (body[0] == OutboxFileFormat.Put) Remember(id, new Extent(place, body.Length - OutboxFileFormat.BodyHeaderBytes));
            place += OutboxFileFormat.RecordHeaderBytes + body.Length;
            _end = place;
        }
    }

    private long Append(byte kind, Guid id, ReadOnlySpan<byte> entry)
    {
        if (_isTailDirty)
        {
            RandomAccess.SetLength(Handle, _end);
            _isTailDirty = false;
        }

        long place = _end;
        byte[] record = OutboxFileFormat.NewRecord(_salt, place, kind, id, entry);
        try
        {
            RandomAccess.Write(Handle, record, place);
            if (FlushToDisk) RandomAccess.FlushToDisk(Handle);
        }
        catch
        {
            CutTail(); // who is told that it was not taken must not find it in the next run
            throw;
        }

        _end += record.Length;
        return place;
    }

    private void CutTail()
    {
        _isTailDirty = true;
        try
        {
            RandomAccess.SetLength(Handle, _end);
            _isTailDirty = false;
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            // Tried again before the next record; the caller is told of the write that failed.
        }
    }

    private void TruncateAll()
    {
        RandomAccess.SetLength(Handle, _headingBytes);
        if (FlushToDisk) RandomAccess.FlushToDisk(Handle);
        _live.Clear();
        (_end, _liveBytes, _rewriteAbove, _isTailDirty) = (_headingBytes, 0, SmallBytes, false);
    }

    private ReadOnlyMemory<byte> ReadEntry(Extent extent)
    {
        byte[] entry = new byte[extent.EntryBytes];
        long from = extent.Place + OutboxFileFormat.RecordHeaderBytes + OutboxFileFormat.BodyHeaderBytes;
        for (int read = 0; read < entry.Length;)
        {
            int some = RandomAccess.Read(Handle, entry.AsSpan(read), from + read);
            if (some == 0) throw new EndOfStreamException($"The outbox {_path} was cut while it was open.");
            read += some;
        }

        return entry;
    }

    private void RewriteIfDue()
    {
        if (_end > _rewriteAbove && _end > 2 * _liveBytes) Rewrite();
    }

    private void Rewrite()
    {
        try
        {
            List<(Guid, ReadOnlyMemory<byte>)> entries = new(_live.Count);
            foreach ((Guid id, Extent extent) in _live) entries.Add((id, ReadEntry(extent)));
            WriteAside(entries);
            byte[] rewritten = File.ReadAllBytes(RewrittenPath);
            _file?.Dispose(); // not every system replaces an open file
            _file = null;
            File.Move(RewrittenPath, _path, overwrite: true);
            Replay(rewritten, (int)_headingBytes);
            (_rewriteAbove, _isTailDirty) = (SmallBytes, false);
            _file = OpenFile(_path, FileMode.Open, FileShare.Read);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            _rewriteAbove = _end * 2; // what was asked for is written; there is room again later, or there will be an error then
        }
    }

    /// <summary>An outbox without entries, in the place of what there was.</summary>
    private byte[] Begin()
    {
        WriteAside([]);
        File.Move(RewrittenPath, _path, overwrite: true);
        return File.ReadAllBytes(_path);
    }

    /// <summary>A file with these entries and no others, on disk when this returns, beside the one that it is to replace.</summary>
    private void WriteAside(IReadOnlyList<(Guid Id, ReadOnlyMemory<byte> Entry)> entries)
    {
        byte[] heading = OutboxFileFormat.NewHeading(_owner);
        ReadOnlySpan<byte> salt = OutboxFileFormat.Salt(heading);
        using FileStream file = OpenFile(RewrittenPath, FileMode.Create, FileShare.None);
        file.Write(heading);
        foreach ((Guid id, ReadOnlyMemory<byte> entry) in entries)
            file.Write(OutboxFileFormat.NewRecord(salt, file.Position, OutboxFileFormat.Put, id, entry.Span));
        file.Flush(flushToDisk: true);
    }

    private void Remember(Guid id, Extent extent)
    {
        _live[id] = extent;
        _liveBytes += extent.RecordBytes;
    }

    private void Forget(Guid id)
    {
        if (_live.Remove(id, out Extent earlier)) _liveBytes -= earlier.RecordBytes;
    }

    /// <summary>Where an entry's record is.</summary>
    private readonly record struct Extent(long Place, int EntryBytes)
    {
        public long RecordBytes => OutboxFileFormat.RecordHeaderBytes + OutboxFileFormat.BodyHeaderBytes + EntryBytes;
    }
}
