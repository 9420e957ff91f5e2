using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Chat.Domain.Notifications;

namespace Chat.TestKit;

/// <summary>Takes mails and text messages as a good server would, or refuses some first.</summary>
public sealed partial class RecordingTransports : IMailTransport, ISmsTransport
{
    private readonly ConcurrentQueue<(string To, string Text)> _taken = new();
    private readonly SemaphoreSlim _came = new(0);
    private int _refusals;

    public bool IsConfigured { get; set; } = true;

    /// <summary>Calls in all, refused ones included.</summary>
    public int Calls => _calls;

    private int _calls;

    /// <summary>All that was taken and not read yet.</summary>
    public IReadOnlyCollection<(string To, string Text)> Unread => _taken;

    public void RefuseNext(int times) => _refusals = times;

    public Task SendAsync(Mail mail, CancellationToken ct) => TakeAsync(mail.To, mail.Text);

    public Task SendAsync(string phone, string text, CancellationToken ct) => TakeAsync(phone, text);

    /// <summary>Waits for the next message to an address and gives the code in it.</summary>
    public async Task<string> CodeAsync(string to, CancellationToken ct) => Code().Match(await TextAsync(to, ct)).Value;

    /// <summary>Waits for the next message to an address; those to others are passed over.</summary>
    public async Task<string> TextAsync(string to, CancellationToken ct)
    {
        while (true)
        {
            await _came.WaitAsync(ct);
            if (_taken.TryDequeue(out (string To, string Text) message) && message.To == to) return message.Text;
        }
    }

    private Task TakeAsync(string to, string text)
    {
        Interlocked.Increment(ref _calls);
        if (Interlocked.Decrement(ref _refusals) >= 0) return Task.FromException(new IOException("421 not now"));
        _taken.Enqueue((to, text));
        _came.Release();
        return Task.CompletedTask;
    }

    [GeneratedRegex("[0-9]{4} [0-9]{4}")]
    private static partial Regex Code();
}
