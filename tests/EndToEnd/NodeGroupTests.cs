using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Chat.Sdk;

namespace Chat.EndToEnd.Tests;

/// <summary>What <c>./chat up --nodes 3</c> starts: three nodes with a Redis between them, behind HAProxy with the configuration in deploy/haproxy.</summary>
[TestFixture, Category("e2e"), Category("redis")]
internal sealed class NodeGroupTests
{
    [Test, CancelAfter(240_000), Property("Promise", "P14")]
    public async Task People_on_different_nodes_talk_and_killed_nodes_cost_them_nothing(CancellationToken ct)
    {
        await using NodeGroupProcess group = await NodeGroupProcess.StartAsync(nodes: 3, ct);
        using AccountSession annaAccount = await SignInAsync(group, "anna", ct), benAccount = await SignInAsync(group, "ben", ct);
        await using ChatClient anna = new(group.Balancer, annaAccount), ben = new(group.NodeUrl(1), benAccount);
        await anna.ConnectAsync(ct);
        await ben.ConnectAsync(ct);
        ChatHandle annas = anna.Chat((await anna.OpenDirectAsync(benAccount.PrincipalId, ct)).Id);
        long before = annas.Summary!.HeadSequence;
        ConcurrentQueue<ChatMessage> received = new();
        using CancellationTokenSource reading = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task reader = ReadAsync(ben.Chat(annas.Id), before, received, reading.Token);

        List<string> sent = [];
        for (int index = 0; index < 3; index++)
        {
            // Each node in turn, so that Anna's is among them whichever the balancer chose; Ben comes back to his when it is started again.
            sent.Add($"while node {index + 1} lives");
            await annas.Send(sent[^1]).Sent.WaitAsync(ct);
            int killed = group.ProcessIdOf(index);
            using (Process node = Process.GetProcessById(killed)) node.Kill();
            sent.Add($"while node {index + 1} is dead");
            await annas.Send(sent[^1]).Sent.WaitAsync(ct);
            await group.WaitUntilStartedAgainAsync(index, killed, ct);
        }

        while (received.Count < sent.Count) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        await reading.CancelAsync();
        await reader;
        Assert.That(received.Select(message => message.Text), Is.EqualTo(sent), "once and in order");
        Assert.That(received.Select(message => message.Sequence), Is.EqualTo(Enumerable.Range(1, sent.Count).Select(n => before + n)));
    }

    [Test, CancelAfter(240_000)]
    public async Task A_node_that_is_not_to_be_started_again_stays_away_and_the_other_serves(CancellationToken ct)
    {
        await using NodeGroupProcess group = await NodeGroupProcess.StartAsync(nodes: 2, ct, "--no-restart");
        using (Process node = Process.GetProcessById(group.ProcessIdOf(0))) node.Kill();

        await group.WaitForOutputAsync("ended with 137", ct);
        using AccountSession anna = await SignInAsync(group.NodeUrl(1), "anna", ct);

        Assert.That(anna.PrincipalId, Is.Positive);
        Assert.That(group.Output, Does.Not.Contain("starting it again"));
        Assert.That(group.Output, Does.Not.Contain("redis    |"), "it says nothing while all is well");
    }

    /// <summary>
    /// Ctrl-C goes to a terminal's process group; a session would be weighed as one by Linux, however much a node has to do (ADR 0041).
    /// </summary>
    [Test, CancelAfter(240_000), Platform("Linux")]
    public async Task Nodes_are_in_the_session_of_their_group_and_each_in_a_process_group_of_its_own(CancellationToken ct)
    {
        await using NodeGroupProcess group = await NodeGroupProcess.StartAsync(nodes: 2, ct);
        int[] nodes = [group.ProcessIdOf(0), group.ProcessIdOf(1)];
        (_, int session) = GroupAndSessionOf(group.ProcessId);

        Assert.That(nodes.Select(GroupAndSessionOf), Is.EqualTo(nodes.Select(node => (node, session))));
    }

    [Test, CancelAfter(240_000), Property("Promise", "P11")]
    public async Task While_every_node_stands_still_who_comes_waits_and_is_not_refused(CancellationToken ct)
    {
        await using NodeGroupProcess group = await NodeGroupProcess.StartAsync(nodes: 2, ct);
        await group.SignalNodesAsync("STOP");
        Task<AccountSession> signIn;
        try
        {
            await group.WaitForOutputAsync("Running on backup", ct); // both have failed the balancer's checks
            signIn = SignInAsync(group, "anna", ct);
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, ct); // a refusal comes at once
            Assert.That(signIn.IsCompleted, Is.False, "nobody can have answered");
        }
        finally
        {
            await group.SignalNodesAsync("CONT");
        }

        using AccountSession anna = await signIn;
        Assert.That(anna.PrincipalId, Is.Positive);
    }

    /// <summary>The fifth and sixth field of proc_pid_stat(5); the second is the name, in parentheses and with any characters.</summary>
    private static (int Group, int Session) GroupAndSessionOf(int processId)
    {
        string stat = File.ReadAllText($"/proc/{processId}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (int.Parse(fields[2], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture));
    }

    private static Task<AccountSession> SignInAsync(NodeGroupProcess group, string name, CancellationToken ct) => SignInAsync(group.Balancer, name, ct);

    private static Task<AccountSession> SignInAsync(Uri url, string name, CancellationToken ct) =>
        AccountSession.SignInAsync(url, $"{name}@demo.example", "demo-password", cancellationToken: ct);

    private static async Task ReadAsync(ChatHandle chat, long after, ConcurrentQueue<ChatMessage> received, CancellationToken ct)
    {
        try
        {
            await foreach (ChatEvent happened in chat.ReadEventsAsync(ct))
                if (happened is ChatMessage message && message.Sequence > after) received.Enqueue(message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // the test has enough
        }
    }
}
