using Chat.Protocol.Frames.Elements;
using Chat.Sdk;
using Chat.Simulation.Clients;
using Chat.Simulation.Schedules;
using Chat.Simulation.Store;
using Chat.Storage;

namespace Chat.Simulation.Judging;

/// <summary>
/// Holds what is seen against the store, at the moment it is seen: the promises in the form of a model. The first violation stays; the
/// schedule ends with it.
/// </summary>
internal sealed class Judge(World world)
{
    private readonly Dictionary<(int Client, long Chat), long> _lastAcked = [];
    private readonly Dictionary<(long Chat, long Epoch, long Sequence), string?> _given = [];

    public string? Violation { get; private set; }

    public void Report(string promise, string what) =>
        Violation ??= $"{promise}: {what} (at {world.Scheduler.Now / TimeSpan.TicksPerMillisecond} ms)";

    public long LastAcked(SimulatedClient client, long chatId) => _lastAcked.GetValueOrDefault((client.Number, chatId));

    /// <summary>A push of an event leaves a node for a session.</summary>
    public void OnPushed(long principalId, in WireEvent pushed)
    {
        if (world.Store.Find(pushed.ChatId) is not { } chat || pushed.Sequence > chat.Head)
            Report("P2", $"event {pushed.Sequence} of chat {pushed.ChatId} left for principal {principalId} before it was stored");
        else if (!chat.MaySee(principalId, pushed.Sequence))
            Report("P9", $"event {pushed.Sequence} of chat {pushed.ChatId} left for principal {principalId}, who may not see it");
    }

    /// <summary>An app was given the next event.</summary>
    public void OnGiven(SimulatedClient client, ChatEvent given)
    {
        if (world.Trace is not null) world.Tell(() => $"client {client.Number} is given {given}");
        switch (given)
        {
            case ChatDiscontinuity seam:
                world.Tally.Add(Happening.Discontinuity);
                if (world.Store.Restores == 0)
                    Report(
                        "P6", $"client {client.Number} was told of a discontinuity in chat {seam.ChatId} without a reason: {seam.Reason}");
                if (seam.Epoch == 0) client.Log.Drop(seam.ChatId);
                else client.Log.Set(seam.ChatId, seam.Epoch, seam.ContinuesAfter);
                break;
            case ChatLogEvent log:
                world.Tally.Add(Happening.EventDelivered);
                JudgeContent(client, log);
                if (!_given.TryAdd((log.ChatId, log.Epoch, log.Sequence), log.Text)
                    && _given[(log.ChatId, log.Epoch, log.Sequence)] != log.Text)
                    Report(
                        "P3",
                        $"event {log.Sequence} of chat {log.ChatId} is '{log.Text}' for client {client.Number}, and was "
                            + "another for somebody before");
                JudgeOrder(client, log);
                client.Log.Set(log.ChatId, log.Epoch, log.Sequence);
                break;
        }
    }

    public void OnAcked(SimulatedClient client, SentText sent, long sequence)
    {
        if (world.Trace is not null) world.Tell(() => $"client {client.Number} has the ack of '{sent.Text}': {sequence}");
        (sent.Sequence, sent.AckedAfterRestores) = (sequence, world.Store.Restores);
        _lastAcked[(client.Number, sent.ChatId)] = Math.Max(sequence, LastAcked(client, sent.ChatId));
        StoredChat chat = world.Store.Find(sent.ChatId)!;
        if (world.Store.Restores > 0) return; // an ack of before may come after; the end looks at what is left
        if (sequence < 1 || sequence > chat.Head || chat.Events[(int)sequence - 1].Text != sent.Text)
            Report(
                "P1",
                $"client {client.Number} has an ack of '{sent.Text}' as {sequence} of chat {sent.ChatId}, and that is not stored there");
        if (sequence <= sent.AckedBefore)
            Report("P3", $"'{sent.Text}' got {sequence}, below {sent.AckedBefore}, which its sender had an ack of before sending it");
    }

    public void OnRefused(SimulatedClient client, SentText sent, ChatException refused)
    {
        sent.IsRefused = true;
        if (IsStored(sent)) Report("P5", $"client {client.Number} was told that '{sent.Text}' failed ({refused.Name}), and it is stored");
    }

    /// <summary>What must hold at the end, when all is healed and everybody has had time.</summary>
    public void JudgeEnd()
    {
        foreach (StoredChat chat in world.Store.Chats) JudgeLog(chat);
        foreach (SimulatedClient client in world.Clients) JudgeSent(client);
        foreach (((long chatId, long epoch, long sequence), string? text) in _given)
        {
            StoredChat chat = world.Store.Find(chatId)!;
            if (chat.Epoch == epoch && (sequence > chat.Head || chat.Events[(int)sequence - 1].Text != text))
                Report("P7", $"'{text}' was given as event {sequence} of chat {chatId}, and in the same epoch that is something else now");
        }
    }

    private void JudgeLog(StoredChat chat)
    {
        HashSet<string> texts = [];
        for (int i = 0; i < chat.Events.Count; i++)
        {
            EventRow row = chat.Events[i];
            if (row.Sequence != i + 1) Report("P3", $"chat {chat.Id} is not dense: place {i + 1} holds {row.Sequence}");
            if (row.Kind == EventKinds.Message && !texts.Add(row.Text!)) Report("P4", $"'{row.Text}' is in chat {chat.Id} twice");
        }
    }

    private void JudgeSent(SimulatedClient client)
    {
        Dictionary<(long Chat, int Run), long> last = [];
        foreach (SentText sent in client.Sent)
        {
            if (sent.IsRefused && IsStored(sent)) Report("P5", $"'{sent.Text}' failed for its sender, and it is stored");
            if (sent.Sequence is not { } sequence || sent.AckedAfterRestores != world.Store.Restores) continue;
            StoredChat chat = world.Store.Find(sent.ChatId)!;
            // acked by what was voided
            if (world.Store.Restores > 0 && (sequence > chat.Head || chat.Events[(int)sequence - 1].Text != sent.Text)) continue;
            if (sequence > chat.Head || chat.Events[(int)sequence - 1].Text != sent.Text)
                Report("P1", $"'{sent.Text}' was acked as {sequence} of chat {sent.ChatId} and is not there");
            if (world.Store.Restores == 0 && sequence <= last.GetValueOrDefault((sent.ChatId, sent.Run)))
                Report("P3", $"'{sent.Text}' was stored before what its sender sent before it");
            last[(sent.ChatId, sent.Run)] = sequence;
        }
    }

    /// <summary>Null: everybody has everything. Otherwise who waits for what.</summary>
    public string? FindMissing()
    {
        foreach (SimulatedClient client in world.Clients)
        {
            if (!client.IsOnline || !client.IsReady) return $"client {client.Number} is not online";
            if (client.Pending > 0) return $"client {client.Number} has {client.Pending} messages without an answer";
            foreach (StoredChat chat in world.Store.Chats)
            {
                if (chat.Kind == ChatKinds.Inbox) continue;
                long visible = chat.VisibleHead(client.PrincipalId);
                if (client.Log.Find(chat.Id) is { } place)
                {
                    if (place.Epoch != chat.Epoch && !chat.IsMember(client.PrincipalId)) continue; // its part of that chat had ended
                    if (place.Epoch != chat.Epoch || place.Sequence < visible)
                        return $"client {client.Number} has chat {chat.Id} up to {place.Sequence} of {visible} (epoch {place.Epoch}, "
                            + $"{chat.Epoch} now)";
                }
                else if (chat.IsMember(client.PrincipalId))
                {
                    return $"client {client.Number} knows nothing of chat {chat.Id}";
                }
            }
        }

        return null;
    }

    private bool IsStored(SentText sent) =>
        world.Store.Find(sent.ChatId) is { } chat && chat.Events.Exists(row => row.Text == sent.Text && row.Kind == EventKinds.Message);

    private void JudgeContent(SimulatedClient client, ChatLogEvent log)
    {
        if (world.Store.Log(log.ChatId, log.Epoch) is not { } stored || log.Sequence > stored.Count)
        {
            Report(
                "P2",
                $"client {client.Number} was given event {log.Sequence} of chat {log.ChatId}, which is not stored (epoch {log.Epoch})");
            return;
        }

        EventRow row = stored[(int)log.Sequence - 1];
        bool isSame = row.Sequence == log.Sequence && row.SenderId == log.SenderId && row.Text == log.Text
            && (log is not ChatMessage message || row.ClientMessageId == message.ClientMessageId);
        if (!isSame)
            Report("P3", $"client {client.Number} was given another event {log.Sequence} of chat {log.ChatId} than the stored one");
        StoredChat chat = world.Store.Find(log.ChatId)!;
        if (chat.Epoch == log.Epoch && !chat.MaySee(client.PrincipalId, log.Sequence))
            Report("P9", $"client {client.Number} was given event {log.Sequence} of chat {log.ChatId}, which it may not see");
    }

    private void JudgeOrder(SimulatedClient client, ChatLogEvent log)
    {
        StoredChat chat = world.Store.Find(log.ChatId)!;
        if (chat.Epoch != log.Epoch || world.Store.Restores > 0 && client.Log.Find(log.ChatId)?.Epoch != log.Epoch) return;
        if (client.Log.Find(log.ChatId) is not { } place)
        {
            bool isStart = chat.Members.Exists(m => m.PrincipalId == client.PrincipalId && m.Joined == log.Sequence);
            if (client.IsReady && !isStart && world.Store.Restores == 0)
                Report("P6", $"client {client.Number} was given chat {log.ChatId} from {log.Sequence} on, which is not where it joined");
            return;
        }

        if (log.Sequence <= place.Sequence)
        {
            Report("P6", $"client {client.Number} was given event {log.Sequence} of chat {log.ChatId} after {place.Sequence}");
            return;
        }

        long next = place.Sequence + 1;
        while (next < log.Sequence && !chat.MaySee(client.PrincipalId, next)) next++;
        if (next == log.Sequence) return;

        // One who left has no position there any longer; back again, it starts where its present membership does.
        bool hadLeft = chat.Members.Exists(m => m.PrincipalId == client.PrincipalId && m.Left == place.Sequence);
        bool hasJoined = chat.Members.Exists(m => m.PrincipalId == client.PrincipalId && m.Joined == log.Sequence);
        if (!hadLeft || !hasJoined)
            Report(
                "P6",
                $"client {client.Number} was given event {log.Sequence} of chat {log.ChatId} after {place.Sequence}: {next} is missing");
    }
}
