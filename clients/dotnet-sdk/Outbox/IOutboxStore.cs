namespace Chat.Sdk;

/// <summary>
/// Keeps the messages of one person that are not stored at the service yet over restarts of the app. Given to
/// <see cref="ChatClientOptions.OutboxStore"/>; to one client at a time. What is written here is read by the next run's client, in
/// whatever order. The client calls it under its own lock, one call after another: an implementation is quick and does not call back.
/// </summary>
public interface IOutboxStore
{
    /// <summary>Whose messages these are. The client sends none of them as somebody else.</summary>
    long PrincipalId { get; }

    /// <summary>
    /// Bytes that were not readable any more when the store was opened; 0 where all were. They may have been entries, or their latest states.
    /// </summary>
    long DamagedBytes => 0;

    /// <summary>What is kept: bytes that <see cref="Save"/> was given, the last of each id.</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> Load();

    /// <summary>
    /// Writes an entry, in the place of an earlier one of the same id. When it returns, the entry outlives the process. The bytes are the
    /// library's own; their form may grow with its versions.
    /// </summary>
    /// <param name="id">Names the entry.</param>
    /// <param name="entry">At most 128 KiB. Valid until the call returns.</param>
    /// <exception cref="IOException">It cannot be written, and the earlier one is there as before. Other exceptions are taken for the same.</exception>
    void Save(Guid id, ReadOnlySpan<byte> entry);

    /// <summary>Forgets an entry; one that is not there is forgotten already.</summary>
    /// <exception cref="IOException">It is still there.</exception>
    void Remove(Guid id);

    /// <summary>Forgets all of it, as when the person signs out. Not while a client uses it.</summary>
    void Clear();
}
