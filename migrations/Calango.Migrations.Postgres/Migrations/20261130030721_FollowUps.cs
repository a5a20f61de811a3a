using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Calango.Migrations.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class FollowUps : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "SearchCostNanoUsd",
                table: "turns",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SearchModelName",
                table: "turns",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "SearchTokens",
                table: "turns",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SearchedFor",
                table: "turns",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "QuestionConnectionId",
                table: "accounts",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "QuestionMode",
                table: "accounts",
                type: "integer",
                nullable: false,
                defaultValue: 2);

            migrationBuilder.AddColumn<string>(
                name: "QuestionModelId",
                table: "accounts",
                type: "text",
                nullable: true);

            migrationBuilder.UpdateData(
                table: "accounts",
                keyColumn: "Id",
                keyValue: new Guid("01900000-0000-7000-8000-000000000001"),
                columns: new[] { "QuestionConnectionId", "QuestionMode", "QuestionModelId" },
                values: new object[] { null, 2, null });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "SearchCostNanoUsd",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "SearchModelName",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "SearchTokens",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "SearchedFor",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "QuestionConnectionId",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "QuestionMode",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "QuestionModelId",
                table: "accounts");
        }
    }
}
