using System.Diagnostics;

using Chat.Chaos.Report;
using Chat.Storage.Managed;


namespace Chat.Chaos.Faults;

/// <summary>Runs rows one after another and makes a result of each, whatever happens in it.</summary>
internal sealed class MatrixRunner(RowOptions options)
{
    public async Task<RowResult> RunAsync(FaultRow row, CancellationToken ct)
    {
        int seed = options.Seed + row.Id.Sum(character => character * 131); // the same in every process
        long began = Stopwatch.GetTimestamp();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(row.Longest);
        var run = new RowRun(options, seed);
        RowStatus status = RowStatus.Fail;
        List<string> faults = [];
        try
        {
            await row.RunAsync(run, late.Token);
            status = run.Faults.Count == 0 ? RowStatus.Pass : RowStatus.Fail;
        }
        catch (NotHereException why)
        {
            status = RowStatus.NotHere;
            faults.Add(why.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            faults.Add($"the row did not end within {row.Longest.TotalMinutes:0} minutes");
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            // A row that breaks down is a failed row, and the others go on.
            faults.Add($"the row broke down: {broken}");
        }
        finally
        {
            await run.DisposeAsync();
        }

        faults.AddRange(run.Faults);
        bool keeps = options.Keeps || status == RowStatus.Fail;
        if (!keeps) await DeleteAsync(run.Directory);
        return new RowResult
        {
            Id = row.Id,
            Title = row.Title,
            Status = status,
            Faults = faults,
            Notes = run.Notes,
            Figures = run.Figures,
            Seed = options.Seed,
            Nodes = options.Nodes,
            Seconds = Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 1),
            Directory = keeps ? run.Directory : null,
        };
    }

    // PostgreSQL's files belong to another user when we are root, and a row may have mounted something there.
    private static async Task DeleteAsync(string directory)
    {
        ShellResult done = await ShellCommand.RunAsync(["rm", "-rf", "--one-file-system", directory], CancellationToken.None);
        if (!done.Succeeded) await Console.Error.WriteLineAsync($"'{directory}' could not be removed: {done.Output}");
    }
}
