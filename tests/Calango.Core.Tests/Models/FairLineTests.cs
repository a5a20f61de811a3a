using Calango.Core.Models;

namespace Calango.Core.Tests.Models;

public sealed class FairLineTests
{
    private static readonly ModelCaller Ana = new(Guid.CreateVersion7(), CallPriority.Interactive);
    private static readonly ModelCaller Bruno = new(Guid.CreateVersion7(), CallPriority.Interactive);

    [Fact]
    public void Who_asks_for_one_thing_does_not_wait_for_all_that_another_asked_for()
    {
        var line = new FairLine<string>();
        line.Serve(Ana.AccountId);
        line.Join("ana 1", Ana);
        line.Join("ana 2", Ana);
        line.Join("bruno 1", Bruno);
        line.Join("bruno 2", Bruno);

        Assert.Equal(["bruno 1", "ana 1", "bruno 2", "ana 2"], line.InLine());
        Assert.Equal("bruno 1", line.Call());
        line.Served(Ana.AccountId);
        Assert.Equal("ana 1", line.Call());
    }

    [Fact]
    public void What_nobody_waits_for_comes_last()
    {
        var line = new FairLine<string>();
        line.Join("title", Ana with { Priority = CallPriority.Background });
        line.Join("ana", Ana);
        line.Join("bruno", Bruno);

        Assert.Equal(["ana", "bruno", "title"], line.InLine());
    }

    [Fact]
    public void Who_leaves_is_not_called()
    {
        var line = new FairLine<string>();
        line.Join("ana", Ana);
        line.Join("bruno", Bruno);

        Assert.True(line.Leave("ana"));
        Assert.Equal("bruno", line.Call());
        Assert.False(line.Leave("bruno"));
        Assert.Null(line.Call());
    }
}
